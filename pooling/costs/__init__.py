"""What delivering costs: alone with one's own van, pooled with others, over a year, and what it emits."""
