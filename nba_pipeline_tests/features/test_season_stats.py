from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features.asof import History
from nba_pipeline.features.leaks import find_leaks
from nba_pipeline.features.season_stats import COLUMNS, FEATURE, build, games_share, usage

OPENERS = {"2019-20": date(2019, 10, 22), "2020-21": date(2020, 12, 22), "2021-22": date(2021, 10, 19)}
GAMES_A_SEASON = 8
STAR, SHOOTER, TRADED, GONE = 10, 11, 12, 13
"""Team 1 are players 10-17, team 2 are players 20-27; TRADED plays for team 2 in the last season, GONE for nobody."""


def _league() -> dict[str, pl.DataFrame]:
    rng, games, lines = np.random.default_rng(0), [], []
    for number, (season, opener) in enumerate(OPENERS.items()):
        for n in range(GAMES_A_SEASON):
            game = {"game_id": f"00{number}{n:07d}", "season": season, "game_date": opener + timedelta(days=2 * n)}
            games.append({**game, "home_team_id": 1, "away_team_id": 2, "neutral_site": False, "home_points": 100, "away_points": 99})
            lines += [{**game, **_line(rng, team, player, season)} for team in (1, 2) for player in _roster(team, season)]
    return {"games": pl.DataFrame(games), "player_game_stats": pl.DataFrame(lines)}


def _roster(team: int, season: str) -> list[int]:
    players = [10 * team + n for n in range(8)]
    if season != "2021-22":
        return players
    return [player for player in players if player not in (TRADED, GONE)] + ([TRADED] if team == 2 else [])


def _line(rng: np.random.Generator, team: int, player: int, season: str) -> dict:
    tries = 25 if player == STAR else 8
    threes = 6
    return {
        "team_id": team, "player_id": player, "min": 30, "fga": tries, "fgm": int(rng.binomial(tries, 0.45)), "fta": 4, "ftm": 3, "tov": 2,
        "fg3a": threes, "fg3m": 5 if player == SHOOTER else int(rng.binomial(threes, 0.3)),
    }  # fmt: skip


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    return build(History.from_frames(_league()), list(OPENERS))


def _of(table: pl.DataFrame, player: int, day: date) -> dict:
    return table.filter((pl.col("player_id") == player) & (pl.col("game_date") == day)).row(0, named=True)


def test_every_row_is_complete_and_the_key_is_unique(table: pl.DataFrame):
    assert table.select(COLUMNS).to_numpy().min() >= 0
    assert sum(table.null_count().row(0)) == 0
    assert table.select(pl.struct(FEATURE.key).n_unique()).item() == table.height


def test_before_any_game_nobody_is_known(table: pl.DataFrame):
    assert table.filter(pl.col("game_date") == OPENERS["2019-20"]).is_empty()


def test_who_shoots_better_or_more_has_the_higher_number(table: pl.DataFrame):
    last = table.filter(pl.col("game_date") == table["game_date"].max())
    assert last.sort("fg3_pct")["player_id"][-1] == SHOOTER
    assert last.sort("usage_rate")["player_id"][-1] == STAR
    assert 0.3 < _of(table, SHOOTER, last["game_date"][0])["fg3_pct"] < 5 / 6


def test_at_the_opener_last_season_stands(table: pl.DataFrame):
    row = _of(table, STAR, OPENERS["2021-22"])
    assert (row["games_played"], row["minutes_per_game"], row["games_share"], row["team_id"]) == (0, 30.0, 1.0, 1)


def test_the_share_of_one_who_is_gone_fades_and_the_traded_keeps_his(table: pl.DataFrame):
    last = table["game_date"].max()
    assert _of(table, GONE, last)["games_share"] == pytest.approx(6 / 13)
    assert _of(table, GONE, last)["minutes_per_game"] == 30.0
    assert (_of(table, TRADED, last)["team_id"], _of(table, TRADED, last)["games_share"]) == (2, 1.0)


def test_usage_of_a_team_of_equals_is_a_fifth():
    sums = np.array([[10, 300, 150, 2400, 1200, 0, 0, 0, 0, 0, 0]], float)
    assert usage(sums) == pytest.approx(0.2)
    assert usage(np.zeros((1, 11))) == pytest.approx(0.2)


def test_games_share_stays_in_its_bounds():
    assert games_share(np.array([50.0, 0.0]), np.array([40.0, 40.0]), np.array([1.0, 0.0])).tolist() == [1.0, 0.0]


@pytest.mark.parametrize("day", [OPENERS["2020-21"], OPENERS["2021-22"] + timedelta(days=6)])
@pytest.mark.parametrize("mutation", ["scramble", "delete"])
def test_the_future_does_not_matter(day: date, mutation):
    assert find_leaks(FEATURE, _league(), day, mutation) == []


def test_a_planted_look_at_tonight_is_found():
    def cheat(history: History, seasons):
        return build(history, seasons).join(
            history.dated("player_game_stats").select("game_date", "player_id", "fgm"), on=list(FEATURE.key), how="left"
        )

    assert find_leaks(type(FEATURE)("season_stats", cheat, FEATURE.inputs, FEATURE.key, ""), _league(), OPENERS["2020-21"], "scramble")


def test_the_same_rows_whichever_seasons_are_asked(table: pl.DataFrame):
    alone = build(History.from_frames(_league()), ["2021-22"])
    assert alone.equals(table.filter(pl.col("season") == "2021-22"))
