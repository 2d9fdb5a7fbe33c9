"""Which box lines teach a plus-minus: those of the seasons that recorded one."""

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History
from nba_pipeline.features.player_ratings.facts import PlayerFacts
from nba_pipeline.features.player_ratings.sums import PlayerRatings, RatingRecipe
from nba_pipeline_tests.features.invented_rosters import SEASONS, invented_rosters


def _facts(earliest: str) -> PlayerFacts:
    """The invented league, its first season called `earliest` and without a plus-minus."""
    tables = invented_rosters()
    first = pl.col("season") == SEASONS[0]
    renamed = pl.when(first).then(pl.lit(earliest)).otherwise("season").alias("season")
    lines = tables["player_game_stats"].with_columns(renamed, plus_minus=pl.when(~first).then("plus_minus"))
    return PlayerFacts.of(History.from_frames(tables | {"games": tables["games"].with_columns(renamed), "player_game_stats": lines}))


def test_before_2012_13_a_missing_plus_minus_is_not_recorded_and_later_it_counts_nothing():
    before, later = _facts("2011-12").lines, _facts("2012-13").lines
    assert 0 < before.recorded.sum() < len(before.recorded) and (before.recorded == before.has_stints).all()
    assert later.recorded.all()


def test_a_night_without_a_plus_minus_moves_the_box_form_and_no_plus_minus():
    facts = _facts("2011-12")
    day = int(facts.lines.days[0])
    night = facts.lines.part(facts.lines.days == day)
    ratings = PlayerRatings(len(facts.players), RatingRecipe())
    ratings.learn(night, facts.stints.part(facts.stints.days == day), day)
    rating, raw, box = np.split(ratings.values(day + 1), [1, 2], axis=1)
    assert not night.recorded.any() and box.any()
    assert not raw.any() and not rating.any()
