"""What `sequences` and `lineup_graphs` are made of: events as arrays, players as nodes."""
