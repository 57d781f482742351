"""The command line: ``carriole``, its groups of commands, the morning that it invents; begin with ``cli``."""
