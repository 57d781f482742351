"""Money: accounts, transfers, statements, invoices, mutual aid."""
