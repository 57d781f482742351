"""Pages of tours: proposed, joined, planned, shared, drafted, moved by hand."""
