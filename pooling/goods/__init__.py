"""What is carried and sold: short lists, collections, hubs, warmth, freshness, carriage against value."""
