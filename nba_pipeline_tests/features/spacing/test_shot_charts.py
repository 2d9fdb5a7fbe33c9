from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features.spacing.shot_charts import HALF_LIFE_DAYS, PLAYER_PRIOR_SHOTS, ShotCharts
from nba_pipeline.features.spacing.shot_hull import CELLS

FIRST = date(2020, 1, 1)
LATER = FIRST + timedelta(days=HALF_LIFE_DAYS)
RIM, CORNER = 3, 7
ONE, OTHER = 11, 12
SCHEMA = {"game_date": pl.Date, "player_id": pl.Int64, "cell": pl.Int64, "minutes": pl.Float64}


def _facts(day: date, player: int, shots: dict[int, int], minutes: float) -> pl.DataFrame:
    rows = [(day, player, cell, None) for cell, count in shots.items() for _ in range(count)]
    return pl.DataFrame([*rows, (day, player, None, minutes)], schema=SCHEMA, orient="row")


def _charts(*facts: pl.DataFrame) -> ShotCharts:
    charts = ShotCharts([ONE, OTHER])
    for news in facts:
        charts.learn(news)
    return charts


def _expected(charts: ShotCharts, groups: list[list[int]], minutes: list[list[float]], day: date = FIRST) -> np.ndarray:
    found = charts.expected(pl.Series(groups, dtype=pl.List(pl.Int64)), pl.Series(minutes, dtype=pl.List(pl.Float64)), day)
    assert found is not None
    return found


def test_shots_are_half_as_heavy_after_a_half_life():
    charts = _charts(_facts(FIRST, ONE, {RIM: 4}, 30), _facts(LATER, ONE, {CORNER: 1}, 30))
    counts = charts.pooled(pl.Series([[ONE]]), LATER)
    assert counts[0, [RIM, CORNER]].tolist() == [2.0, 1.0]
    assert counts.shape == (1, CELLS) and counts.sum() == 3


def test_the_league_is_everybody():
    league = _charts(_facts(FIRST, ONE, {RIM: 3}, 30), _facts(FIRST, OTHER, {CORNER: 1}, 30)).league()
    assert league is not None and league[[RIM, CORNER]].tolist() == [0.75, 0.25]


def test_a_player_is_mixed_with_the_league_by_the_prior():
    """ONE took 100 shots at the rim in 100 minutes, OTHER 100 from the corner in 100: a prior of 100 shots is 100 minutes."""
    charts = _charts(_facts(FIRST, ONE, {RIM: 100}, 100), _facts(FIRST, OTHER, {CORNER: 100}, 100))
    prior = PLAYER_PRIOR_SHOTS
    assert _expected(charts, [[ONE]], [[30.0]])[0, RIM] == pytest.approx((100 + prior / 2) / (100 + prior))


def test_pace_and_minutes_weigh_players():
    """OTHER shoots twice as often; after shrinking, rates are (100 + K) / (100 + K / rho) and (200 + K) / (100 + K / rho), rho = 1.5."""
    charts = _charts(_facts(FIRST, ONE, {RIM: 100}, 100), _facts(FIRST, OTHER, {CORNER: 200}, 100))
    k = PLAYER_PRIOR_SHOTS
    one, other = np.array([100 + k / 3, 2 * k / 3]), np.array([k / 3, 200 + 2 * k / 3])
    for minutes in ([10.0, 10.0], [30.0, 10.0]):
        together = minutes[0] * one + minutes[1] * other
        assert _expected(charts, [[ONE, OTHER]], [minutes])[0, [RIM, CORNER]] == pytest.approx(together / together.sum())


def test_nobody_and_strangers_shoot_as_the_league():
    charts = _charts(_facts(FIRST, ONE, {RIM: 3, CORNER: 1}, 30))
    league = charts.league()
    assert _expected(charts, [[], [99]], [[], [20.0]]) == pytest.approx(np.stack([league, league]))


def test_without_any_shot_nothing_is_expected():
    charts = _charts()
    assert charts.expected(pl.Series([[ONE]]), pl.Series([[1.0]]), FIRST) is None
    assert charts.league() is None and charts.latest is None


def test_how_news_is_cut_changes_no_bit():
    rng = np.random.default_rng(0)
    days = [_facts(FIRST + timedelta(days=n), player, dict(enumerate(rng.integers(1, 9, 20))), float(rng.integers(1, 40)))
            for n in range(40) for player in (ONE, OTHER)]  # fmt: skip
    once, nightly = _charts(pl.concat(days)), _charts(*days)
    groups, minutes = [[ONE, OTHER]], [[31.0, 17.0]]
    assert np.array_equal(_expected(once, groups, minutes, LATER), _expected(nightly, groups, minutes, LATER))
