"""Pages of money: accounts, who owes whom, deposits, mutual aid, what invoices say."""
