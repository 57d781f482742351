"""Money on the wire: accounts, transfers, invoices, mutual aid."""
