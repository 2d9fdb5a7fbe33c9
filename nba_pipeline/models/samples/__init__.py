"""Feature tables become samples and batches: which games, which instants, how they are split by date."""
