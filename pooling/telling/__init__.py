"""Who is told of what, and by which ports: topics, quiet hours, mail, signed webhooks."""
