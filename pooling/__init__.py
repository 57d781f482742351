"""Who carries what, at what price, and who owes whom."""
