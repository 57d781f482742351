"""What is to be carried: sites, shipments, orders, and empties that ride back."""
