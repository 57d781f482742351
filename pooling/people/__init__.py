"""Who takes part: whether one may be trusted, what papers say of it, turns in a shop, shared tools."""
