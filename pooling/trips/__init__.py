"""Trips with guests aboard: their free order, what changes keep, room named later, what leaving costs."""
