"""Pages of who takes part: the way in, one's own party, communities, shops, shared tools."""
