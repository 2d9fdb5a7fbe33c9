"""What the window models see: units of the era, nothing filled in, nothing of tonight."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features import era_form
from nba_pipeline.features.asof import History
from nba_pipeline.features.era_form import ASKED, BASELINES, FEATURES
from nba_pipeline.features.eras import averages, context
from nba_pipeline.features.eras.averages import AVERAGES
from nba_pipeline.features.eras.levels import levels
from nba_pipeline.warehouse.era_lines import STATS

FIRST = date(1979, 10, 12)
TEAMS = (1610612738, 1610612747)


def lines(values: list[int], threes_from: int = 0, season: str = "1979-80", first: date = FIRST) -> pl.DataFrame:
    """Two teams of two players who meet every third day: player 1 scores `values`, all others 10; threes are kept from a game on."""
    rows = []
    for game, points in enumerate(values):
        for player, team in ((1, 0), (2, 0), (3, 1), (4, 1)):
            counts = dict.fromkeys(STATS, None) | {"min": 24, "pts": points if player == 1 else 10, "fgm": 4, "ftm": 2, "pf": 3}
            counts["fg3m"] = 1 if game >= threes_from else None
            when = {"game_id": f"002{season[2:4]}{game:05d}", "season": season, "game_date": first + timedelta(days=3 * game)}
            who = {"player_id": player, "player_name": f"P{player}", "team_id": TEAMS[team], "opponent_id": TEAMS[1 - team]}
            rows.append(when | who | {"is_home": team == 0} | counts)
    schema = {stat: pl.Int32 for stat in STATS} | {"plus_minus": pl.Float64}
    return pl.DataFrame(rows, schema_overrides=schema)


def built(table: pl.DataFrame, *seasons: str) -> pl.DataFrame:
    return era_form.build(History.from_frames({"era_lines": table}), seasons or ("1979-80",))


def test_there_are_182_features_where_everything_is_kept():
    assert len(FEATURES) == len(set(FEATURES)) == 182


def test_the_level_is_of_earlier_days_only():
    table = lines([20, 40, 10])
    level = levels(table, table["game_date"].unique().sort())
    assert level["level_pts"].to_list()[:2] == [None, 12.5]
    later = levels(lines([20, 40, 1000]), table["game_date"].unique().sort())
    assert level["level_pts"].equals(later["level_pts"])


def test_averages_are_over_the_level_of_their_day():
    row = built(lines([20, 40, 30])).filter(pl.col("player_id") == 1).sort("game_date").row(2, named=True)
    # the first game has no level yet; the second is 40 over the 12.5 of the days before it
    assert row["pts_last"] == pytest.approx(40 / 12.5) and row["pts_career"] == pytest.approx(40 / 12.5)
    assert row["ewma_pts"] == pytest.approx((40 + 20 * 0.5 ** (1 / 8)) / (1 + 0.5 ** (1 / 8)), rel=1e-6)
    assert row["pts"] == 30


def test_what_was_not_kept_is_missing_not_zero():
    form = built(lines([10] * 8, threes_from=4)).filter(pl.col("player_id") == 1).sort("game_date")
    assert form["fg3m_ewm_8"][:6].null_count() == 6, "no average before the second game that kept threes: the first has no level"
    assert form["fg3m_ewm_8"][6:].null_count() == 0
    assert form["stl_ewm_8"].null_count() == form.height and form["ast_season"].null_count() == form.height


def unkept(table: pl.DataFrame, game: int, *stats: str) -> pl.DataFrame:
    """The same lines with counts of player 1 that nobody kept in one game."""
    there = (pl.col("player_id") == 1) & (pl.col("game_id") == f"00279{game:05d}")
    return table.with_columns(pl.when(there.not_()).then(pl.col(stat)).alias(stat) for stat in stats)


def test_a_count_that_was_not_kept_leaves_his_averages_as_they_were():
    whole = lines([20, 40, 30, 30, 12], season="1979-80")
    gap = unkept(whole, 3, "pts", "min", "fgm", "fg3m")
    own = pl.col("player_id") == 1
    before, after = (built(gap).filter(own).sort("game_date").row(game, named=True) for game in (3, 4))
    columns = [name for name in AVERAGES if name.startswith(("pts_", "min_", "fgm_", "fg3m_"))]
    assert {name: after[name] for name in columns} == {name: before[name] for name in columns}
    assert all(before[name] is not None for name in columns if not name.endswith("_before"))
    for name in BASELINES:
        assert after[name] == before[name], name
    assert after["pf_last"] == before["pf_last"] and before["ewma_pts"] is not None


def test_the_next_count_that_was_kept_goes_on_from_there():
    whole = lines([20, 40, 30, 30, 12])
    form = built(unkept(whole, 2, "pts")).filter(pl.col("player_id") == 1).sort("game_date")
    fade = 0.5 ** (1 / 8)
    assert form["ewma_pts"].to_list()[2:4] == [pytest.approx((40 + 20 * fade) / (1 + fade), rel=1e-6)] * 2
    assert form["ewma_pts"][4] == pytest.approx((30 + 40 * fade + 20 * fade**2) / (1 + fade + fade**2), rel=1e-6)


def test_an_average_is_nobody_elses():
    """A debut in which the points were not kept: no average, whoever stands before him in the table."""
    table = lines([20] * 4).filter((pl.col("player_id") != 1) | (pl.col("game_id") >= "0027900002"))
    form = built(unkept(table, 2, "pts")).filter(pl.col("player_id") == 1).sort("game_date")
    assert form["ewma_pts"].to_list() == [None, None] and form["pts_ewm_8"].to_list() == [None, None]


def test_a_team_game_of_which_nobody_kept_the_count_leaves_its_form_as_it_was():
    table = lines([10, 20, 30, 40, 50])
    gap = table.with_columns(fg3m=pl.when(pl.col("game_id") != "0027900003").then("fg3m"))
    form = built(gap).filter(pl.col("player_id") == 3).sort("game_date")
    assert form["opponent_fg3m_against"][3] is not None
    assert form["opponent_fg3m_against"][4] == form["opponent_fg3m_against"][3]


def test_where_all_is_kept_an_average_is_that_of_all_rows(tiny_tables: dict[str, pl.DataFrame], monkeypatch: pytest.MonkeyPatch):
    history = History.from_frames({"era_lines": tiny_tables["era_lines"]})
    seasons = sorted(tiny_tables["era_lines"]["season"].unique())
    form = era_form.build(history, seasons[-1:])

    def plain(value: pl.Expr, half_life: float, key: str) -> pl.Expr:
        return value.ewm_mean(half_life=half_life).over(key)

    for module in (averages, context, era_form):
        monkeypatch.setattr(module, "faded", plain)
    assert form.equals(era_form.build(history, seasons[-1:]))


def test_last_season_becomes_the_season_before():
    table = pl.concat([lines([20] * 4), lines([30] * 2, season="1980-81", first=FIRST + timedelta(days=365))])
    opening = built(table, "1980-81").filter(pl.col("player_id") == 1).sort("game_date")
    # 20 over the level before each game: unknown, 12.5 and 12.5 on; then 30 over 12.5
    assert opening["pts_season"].to_list() == [None, pytest.approx(30 / 12.5)]
    assert opening["pts_before"].to_list() == [pytest.approx(20 / 12.5)] * 2
    assert opening["season_games"].to_list() == [0.0, 1.0] and opening["seasons_played"].to_list() == [1.0, 2.0]


def test_rest_and_missed_games():
    table = lines([10] * 6).filter(~((pl.col("player_id") == 1) & pl.col("game_id").is_in(["0027900002", "0027900003"])))
    row = built(table).filter((pl.col("player_id") == 1) & (pl.col("game_id") == "0027900004")).row(0, named=True)
    assert (row["missed"], row["rest_days"], row["team_rest"]) == (2.0, 9.0, 3.0)
    assert row["share_of_recent"] == pytest.approx(2 / 4) and row["games_7_days"] == 0
    assert row["same_team"] == 1 and row["games_with_team"] == 2


def test_someone_unknown_has_no_averages_and_all_of_tonight():
    table = lines([10] * 5)
    asked = table.filter(pl.col("game_id") == "0027900004").select(ASKED).with_columns(player_id=pl.lit(99, pl.Int64))
    row = era_form.rows_of(asked, table).row(0, named=True)
    assert row["pts_ewm_8"] is None and row["career_games"] == 0 and row["opponent_pts_against"] is not None


def test_two_games_on_one_date_do_not_know_each_other():
    table = lines([10, 20, 30])
    second = pl.lit(FIRST + timedelta(days=3))
    twice = table.with_columns(game_date=pl.when(pl.col("game_id") == "0027900002").then(second).otherwise("game_date"))
    form = built(twice).filter(pl.col("player_id") == 1)
    same_day = form.filter(pl.col("game_date") == FIRST + timedelta(days=3))
    assert same_day.height == 2 and same_day["ewma_pts"].to_list() == [10.0, 10.0]


def test_a_season_alone_is_the_same_as_among_others(tiny_tables: dict[str, pl.DataFrame]):
    history = History.from_frames({"era_lines": tiny_tables["era_lines"]})
    seasons = sorted(tiny_tables["era_lines"]["season"].unique())
    alone, among = era_form.build(history, seasons[-1:]), era_form.build(history, seasons)
    among = among.filter(pl.col("season") == seasons[-1])
    for name in FEATURES:
        assert np.allclose(*(frame[name].fill_null(-1).to_numpy() for frame in (alone, among)), atol=1e-5), name
