"""How good the forecast within a game is on the real archive, minute by minute; writes docs/in_game.md."""
