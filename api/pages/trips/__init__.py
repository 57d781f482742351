"""Pages of trips: announced, repeated, reserved on."""
