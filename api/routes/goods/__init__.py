"""What is carried: sites, hubs, shipments, orders, short lists, collections, what carrying costs."""
