"""What `rotation` is made of: who is a candidate, what his own games say, and what the calendar and the teams say."""
