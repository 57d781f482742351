"""Trips that somebody makes anyway: announced, repeated, changed, left, cancelled, reserved on."""
