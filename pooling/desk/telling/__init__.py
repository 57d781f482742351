"""Who is told: notices, letters, webhooks, calendars."""
