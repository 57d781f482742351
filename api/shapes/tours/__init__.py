"""Tours on the wire: proposed, joined, planned, shared, drafted, moved by hand."""
