"""A league that plays itself: seeded, invented people in the thirty real clubs, written in the layout of the raw archive.

It serves who has no archive and no network, and tests that need a world whose truth is known. Everything after the archive is
the code that real data goes through. What is here knows nothing of tables, features or models.
"""

from nba_pipeline.sources.simulator.files import ensure_season

__all__ = ["ensure_season"]
