from datetime import date

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features.asof import History
from nba_pipeline.features.spacing.lineup_log import NEVER, LineupLog, lineup_facts
from nba_pipeline.features.spacing.shot_charts import HALF_LIFE_DAYS, placed_shots

DAY, NEXT = date(2021, 11, 1), date(2022, 11, 1)
HOME, AWAY = 1, 2
FIRST, SECOND, THEIRS = [11, 12, 13, 14, 15], [11, 12, 13, 14, 16], [21, 22, 23, 24, 25]


def _history(shots: list[tuple[str, int, int, int, float]]) -> History:
    """Two games a year apart; the home side changes a man after 300 and, on the second day, stays as it is then.

    Args:
        shots: game, seconds into the first quarter, team, player, feet to the right of the rim.
    """
    games = pl.DataFrame({"game_id": ["a", "b"], "season": ["2021-22", "2022-23"], "game_date": [DAY, NEXT]}).with_columns(
        home_team_id=pl.lit(HOME, pl.Int64), away_team_id=pl.lit(AWAY, pl.Int64), neutral_site=pl.lit(False)
    )
    stints = pl.DataFrame(
        [("a", 0, 1, 0, 300, FIRST, THEIRS), ("a", 1, 1, 300, 720, SECOND, THEIRS), ("b", 0, 1, 0, 720, SECOND, None)],
        schema={
            "game_id": pl.String, "stint_index": pl.Int32, "period": pl.Int32, "start_seconds": pl.Int32, "end_seconds": pl.Int32,
            "home_lineup": pl.Array(pl.Int64, 5), "away_lineup": pl.Array(pl.Int64, 5),
        },
        orient="row",
    )  # fmt: skip
    rows = [(game, n, 1, 720 - second, team, player, x, 5.0) for n, (game, second, team, player, x) in enumerate(shots)]
    names = ("game_id", "shot_index", "period", "clock_seconds", "team_id", "player_id", "x_feet", "y_feet")
    schema = dict(zip(names, (pl.String, *[pl.Int32] * 3, *[pl.Int64] * 2, *[pl.Float64] * 2), strict=True))
    return History.from_frames({"games": games, "stints": stints, "shots": pl.DataFrame(rows, schema=schema, orient="row")})


def _log(shots: list[tuple[str, int, int, int, float]]) -> LineupLog:
    history = _history(shots)
    facts = lineup_facts(history, placed_shots(history))
    log = LineupLog(facts)
    log.learn(facts)
    return log


def _shots(log: LineupLog, team: int, five: list[int], day: date = DAY) -> float:
    return float(log.shots(np.array([log.code_of(team, five)]), day).sum())


def test_a_shot_belongs_to_the_five_on_court_when_its_second_began():
    log = _log([("a", 200, HOME, 11, 0.0), ("a", 300, HOME, 15, 2.0), ("a", 301, HOME, 16, 4.0), ("a", 301, AWAY, 21, 4.0)])
    day = DAY.replace(year=2022)
    assert _shots(log, HOME, FIRST, day) == pytest.approx(2 * _shots(log, HOME, SECOND, day))
    assert _shots(log, AWAY, THEIRS, day) == pytest.approx(_shots(log, HOME, SECOND, day))


def test_a_shooter_who_was_not_on_court_proves_nothing():
    assert _shots(_log([("a", 200, HOME, 16, 0.0), ("b", 200, AWAY, 21, 0.0)]), HOME, FIRST) == 0


def test_seconds_add_up_and_fade():
    log = _log([])
    codes = np.array([log.code_of(HOME, FIRST), log.code_of(HOME, SECOND)])
    left = 0.5 ** ((NEXT - DAY).days / HALF_LIFE_DAYS)
    assert log.seconds(codes, NEXT).tolist() == pytest.approx([300 * left, 420 * left + 720])
    assert log.latest_shots is None


def test_most_used_fives_are_made_of_those_who_are_there():
    log = _log([])
    assert [log.members[code].tolist() for code in log.most_used(HOME, [11, 12, 13, 14, 15, 16], 5)] == [SECOND, FIRST]
    assert [log.members[code].tolist() for code in log.most_used(HOME, [11, 12, 13, 14, 15, 17], 5)] == [FIRST]
    assert len(log.most_used(HOME, [11, 12, 13, 14, 15, 16], 1)) == 1
    assert len(log.most_used(3, FIRST, 5)) == 0


def test_a_five_that_never_played_together_has_nothing():
    log = _log([("a", 200, HOME, 11, 0.0)])
    assert log.code_of(HOME, THEIRS) == log.code_of(3, FIRST) == NEVER
    codes = np.array([NEVER])
    assert log.seconds(codes, DAY).tolist() == [0.0] and log.shots(codes, DAY).sum() == 0


def test_what_was_not_learned_is_not_known():
    history = _history([("a", 200, HOME, 11, 0.0)])
    log = LineupLog(lineup_facts(history, placed_shots(history)))
    assert len(log.most_used(HOME, [*FIRST, 16], 5)) == 0
    assert log.code_of(HOME, FIRST) == NEVER
