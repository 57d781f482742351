"""Who takes part: members, parties, invitations, sessions, and what a word is worth."""
