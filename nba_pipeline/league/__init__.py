"""The language of the game: events, teams and arenas, seasons, court and clock. No IO, no frames."""
