"""The operator's hands on tours: looked at first, then done, and undone."""
