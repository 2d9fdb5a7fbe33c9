"""A small invented league that writes the raw archive layout, for tests that must run without real data.

Possessions are played one by one, so that box lines, scores and minutes follow from the plays exactly.
"""

from nba_pipeline_tests.tiny_league.files import write_archive

__all__ = ["write_archive"]
