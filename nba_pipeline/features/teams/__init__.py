"""What tables of teams are made of: box lines of games played, the curve from Elo to a forecast, RAPM summed over minutes."""
