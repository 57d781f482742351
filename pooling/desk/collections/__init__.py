"""Collections of an intermediary: lists, doubtful addresses, choices."""
