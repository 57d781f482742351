"""Tools that several parties own together: parts, notes, and months that are agreed to."""
