"""Who takes part: signing in, parties, communities, shops, shared tools, trust."""
