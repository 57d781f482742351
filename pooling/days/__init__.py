"""A whole day: planned, compared with everyone alone, and the other ways of what does not ride."""
