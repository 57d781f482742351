"""Who takes part, on the wire: members, parties, communities, shops, shared tools."""
