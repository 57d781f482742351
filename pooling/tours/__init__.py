"""Tours with a carrier: searched, joined, moved by hand, and confirmed if they can be paid."""
