"""The market: searches, quotes, bids, clearings, other ways."""
