"""Bids on trips: what fits, what is paid, which are accepted together, and why others are not."""
