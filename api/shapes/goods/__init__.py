"""What is carried, on the wire: sites, shipments, short lists, orders, what carrying costs."""
