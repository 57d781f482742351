"""Pages of what is carried: sites, shipments, short lists, orders, collections, what carrying costs."""
