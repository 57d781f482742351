"""What is a legal plan, and which is a good one."""
