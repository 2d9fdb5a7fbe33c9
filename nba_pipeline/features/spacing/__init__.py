"""What `lineup_spacing` and `lineup_hulls` are made of: where players and fives shoot from, and the area that makes."""
