"""What `player_rapm` and `player_rating` are made of: rows and ridges of plus-minus, the box prior, sums over minutes, expected totals."""
