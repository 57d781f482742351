"""Tours: proposed, joined, planned, shared, repeated as rounds, and a whole day of them."""
