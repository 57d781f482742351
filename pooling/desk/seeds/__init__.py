"""From past purchases to proposed tours: flows, rankings, drafts, and who is invited."""
