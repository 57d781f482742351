"""Pages of the market: rides searched, bids and bundles, clearings, other ways."""
