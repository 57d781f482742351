"""Who owes whom: the settlement of a day, the proof of a ledger, invoices, payments, mutual aid."""
