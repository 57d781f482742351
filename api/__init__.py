"""The door: the command line and the papers that people hold."""
