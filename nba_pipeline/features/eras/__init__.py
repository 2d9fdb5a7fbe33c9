"""What `era_form` is made of: the league's level of each count, a player's averages in that unit, what surrounds a game of any era."""
