"""A game while it is played, or afterwards: its win probability play by play, as text, picture and page."""
