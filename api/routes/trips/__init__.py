"""Trips: announced, repeated, reserved on, exchanged with carpools."""
