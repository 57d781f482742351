"""The market on the wire: offers, quotes, bids, clearings, other ways."""
