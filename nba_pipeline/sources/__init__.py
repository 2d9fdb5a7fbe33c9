"""Ways to fill and read the raw archive. What belongs elsewhere: cleaning its rows (`warehouse`)."""
