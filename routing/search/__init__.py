"""The search of our own: ruin and recreate over whole days, compiled."""

from routing.search.engine import search_answers

__all__ = ["search_answers"]
