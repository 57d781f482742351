"""What producers have this week, to whom it can be delivered, and orders that are pickups at once."""
