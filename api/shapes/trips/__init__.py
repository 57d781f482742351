"""Trips on the wire: announced, repeated, reserved on, let down."""
