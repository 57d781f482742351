"""What people take home as files: statements, bills, proofs, calendars, bank transfers."""
