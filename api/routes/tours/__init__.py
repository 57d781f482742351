"""Tours: proposed, joined, planned, drafted, moved by hand."""
