"""Three seasons of six clubs in the raw archive layout, for tests that must run without real data.

The simulator plays and writes them; what real files get wrong is planted here. What belongs to any simulated league does not belong here.
"""

from nba_pipeline_tests.tiny_league.archive import write_archive

__all__ = ["write_archive"]
