"""What `player_form` is made of: what a player's own games say of his points, and what surrounds him tonight."""
