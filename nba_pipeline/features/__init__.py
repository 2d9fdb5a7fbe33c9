"""Numbers known strictly before an instant. What belongs elsewhere: torch modules (`models`), clean facts (`warehouse`)."""
