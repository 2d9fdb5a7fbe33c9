"""The evidence on small tables whose answers are known, and that a snapshot gets nothing of the season it forecasts."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from nba_pipeline_tests.plus_minus_evidence.page import (
    MARK,
    agreement_block,
    errors_block,
    ranking_block,
    retrodiction_block,
    with_evidence,
)
from nba_pipeline_tests.plus_minus_evidence.ranking import ranked
from nba_pipeline_tests.plus_minus_evidence.retrodiction import forecasts, retrodict, team_ratings
from nba_pipeline_tests.plus_minus_evidence.stability import agreement, errors_by_possessions, halves, season_alone
from nba_pipeline_tests.plus_minus_evidence.tables import Tables, of_season, snapshot_before

OPENERS = {"2017-18": date(2017, 10, 17), "2018-19": date(2018, 10, 16)}
TEAMS, ROSTER, GAMES = 6, 7, 60


@pytest.fixture(scope="module")
def tables() -> Tables:
    """Two seasons of six teams; a team's number is what it is worth in points per 100 possessions."""
    rng, games, stints, lines = np.random.default_rng(0), [], [], []
    for year, (season, opener) in enumerate(OPENERS.items()):
        for number in range(GAMES):
            home, away = (int(team) for team in rng.permutation(TEAMS)[:2])
            points = {"home": 110 + 2 * home, "away": 110 + 2 * away}
            game = {"game_id": f"{year}{number:03d}", "season": season, "game_date": opener + timedelta(days=number // 3)}
            games.append({**game, "home_team_id": home, "away_team_id": away, **{f"{side}_points": points[side] for side in points}})
            for stint in range(4):
                fives = {
                    side: sorted(int(10 * team + seat) for seat in rng.permutation(ROSTER)[:5])
                    for side, team in (("home", home), ("away", away))
                }
                stints.append(
                    {"game_id": game["game_id"], "stint_index": stint, **{f"{side}_lineup": five for side, five in fives.items()}}
                    | {f"{side}_points": points[side] // 4 for side in points}
                    | {f"{side}_possessions": 25 for side in points}
                )
            lines += [
                {**game, "player_id": 10 * team + seat, "player_name": f"P{team}{seat}", "team_id": team, "min": 30}
                for team in (home, away)
                for seat in range(ROSTER)
            ]
    frame = pl.DataFrame(games).with_columns(
        neutral_site=pl.lit(False),
        margin=pl.col("home_points") - pl.col("away_points"),
        total=pl.col("home_points") + pl.col("away_points"),
    )
    fives = {"home_lineup": pl.Array(pl.Int64, 5), "away_lineup": pl.Array(pl.Int64, 5)}
    return {
        "games": frame.with_columns(home_win=pl.col("margin") > 0),
        "stints": pl.DataFrame(stints).cast(fives),  # pyright: ignore[reportArgumentType]
        "player_game_stats": pl.DataFrame(lines).with_columns(fga=20, fta=0, oreb=0, tov=0),
    }


def test_a_forecast_is_five_shares_of_the_minutes_times_plus_minus():
    players = pl.DataFrame({"player_id": [1, 2, 3], "rapm": [2.0, -1.0, 1.0]})
    lines = pl.DataFrame({"team_id": [7, 7, 8, 8, 7], "player_id": [1, 2, 3, 4, 1], "min": [20, 10, 30, 10, 10]})
    told = forecasts(players, lines, unseen=-4.0)
    home, away = 5 * (2.0 * 0.75 - 1.0 * 0.25), 5 * (1.0 * 0.75 - 4.0 * 0.25)
    assert told["forecast"].to_list() == pytest.approx([(home - away) / 2, (away - home) / 2])
    assert told["unseen"].to_list() == pytest.approx([0.0, 0.25])


def test_ratings_are_points_per_hundred_possessions():
    games = pl.DataFrame({"game_id": ["a"], "season": ["2018-19"], "home_team_id": [1], "away_team_id": [2]})
    stints = pl.DataFrame({
        "game_id": ["a", "a"], "home_points": [10, 20], "away_points": [12, 8], "home_possessions": [10, 10], "away_possessions": [10, 15],
    })  # fmt: skip
    assert dict(team_ratings({"games": games, "stints": stints}, "2018-19").iter_rows()) == pytest.approx({1: 150 - 80, 2: 80 - 150})


def test_teams_that_stay_as_they_are_are_told_beforehand(tables: Tables):
    found = retrodict(tables, "2018-19", "2017-18")
    assert found.teams == TEAMS
    assert found.unseen == 0
    assert found.rmse < found.zero
    assert found.last_year < found.zero


@pytest.mark.parametrize("scramble", [True, False])
def test_a_snapshot_has_nothing_of_the_season_it_forecasts(tables: Tables, scramble: bool):
    later = pl.col("game_id").str.starts_with("1")
    changed = dict(tables)
    for name in ("stints", "player_game_stats"):
        points = [column for column in tables[name].columns if column.endswith(("points", "min"))]
        moved = tables[name].with_columns(pl.when(later).then(pl.col(column) + 9).otherwise(pl.col(column)) for column in points)
        changed[name] = moved if scramble else tables[name].filter(~later)
    before, after = (snapshot_before(one, "2018-19").players for one in (tables, changed))
    assert before.height == TEAMS * ROSTER
    assert before.equals(after)
    assert before["game_date"].unique().to_list() == [OPENERS["2018-19"]]


def test_halves_are_different_games_and_a_season_agrees_with_itself(tables: Tables):
    even, odd = halves(tables, "2018-19")
    whole = season_alone(tables, "2018-19")
    assert not even.players["rapm"].equals(odd.players["rapm"])
    parts, together = ([float(one.players["possessions"].sum()) for one in some] for some in ((even, odd), (whole,)))
    assert sum(parts) == pytest.approx(sum(together), rel=0.01)
    assert agreement("itself", whole, whole, 0.0).overall == pytest.approx(1.0)
    assert agreement("none", whole, whole, float(whole.players["possessions"].median())).players < whole.players.height  # pyright: ignore


def test_every_player_is_in_one_class_of_errors(tables: Tables):
    whole = season_alone(tables, "2018-19")
    middle = float(whole.players["possessions"].median())  # pyright: ignore[reportArgumentType]
    errors = errors_by_possessions(whole, (0.0, middle))
    assert errors["players"].sum() == whole.players.height
    assert errors["rapm_se"][1] < errors["rapm_se"][0]


def test_the_ranking_has_names_and_is_in_order(tables: Tables):
    players = ranked(season_alone(tables, "2018-19"), of_season(tables["player_game_stats"], "2018-19"), 0.0)
    assert players["rapm"].is_sorted(descending=True)
    assert players["player_name"][0].startswith("P5") and players["player_name"][-1].startswith("P0")


def test_the_written_part_is_replaced_and_the_rest_stays(tables: Tables):
    whole = season_alone(tables, "2018-19")
    found = ranked(whole, tables["player_game_stats"], 0.0)
    blocks = [
        retrodiction_block([retrodict(tables, "2018-19", "2017-18")]),
        agreement_block("Title", "text", [agreement("itself", whole, whole, 0.0)]),
        errors_block("2018-19", errors_by_possessions(whole, (0.0,))),
        ranking_block("2018-19", found, 0.0, 3),
    ]
    page = with_evidence("# By hand\n", blocks)
    assert page.startswith("# By hand\n") and page.count(MARK) == 1
    assert with_evidence(page, blocks) == page
    for block in blocks:
        widths = {line.count("|") for line in block.splitlines() if line.startswith("|")}
        assert len(widths) == 1
