"""Rides found, bid for and agreed: offers, bids, bundles, clearings, and other ways."""
