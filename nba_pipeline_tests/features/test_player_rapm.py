"""A small league in which every player's worth is known, played in stints."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features.asof import History
from nba_pipeline.features.leaks import find_leaks
from nba_pipeline.features.player_rapm import FEATURE, SCHEMA, RapmSettings, build

TEAMS, ROSTER, STINTS, POSSESSIONS, HOME_EDGE, LEVEL = 6, 9, 12, 8, 3.0, 110.0
OPENERS = {"2020-21": date(2020, 12, 22), "2021-22": date(2021, 10, 19)}
LOOSE = RapmSettings(player_penalty=20.0, newcomer=0.0)


def _truth() -> tuple[np.ndarray, np.ndarray]:
    offence, defence = np.random.default_rng(5).normal(0, 3, (2, TEAMS * ROSTER))
    return offence - offence.mean(), defence - defence.mean()


def _league(games_a_season: int, noise: float = 0.0) -> dict[str, pl.DataFrame]:
    rng, games, stints = np.random.default_rng(0), [], []
    for number, (season, opener) in enumerate(OPENERS.items()):
        for n in range(games_a_season):
            home, away = (int(team) for team in rng.choice(TEAMS, 2, replace=False))
            game = f"00{number}{n:07d}"
            games.append(
                {
                    "game_id": game,
                    "season": season,
                    "game_date": opener + timedelta(days=n // 6),
                    "home_team_id": home,
                    "away_team_id": away,
                }
            )
            stints += [_stint(rng, game, index, home, away, noise) for index in range(STINTS)]
    lineups = {"home_lineup": pl.Array(pl.Int64, 5), "away_lineup": pl.Array(pl.Int64, 5)}
    table = pl.DataFrame(stints).cast(lineups)
    points = table.group_by("game_id").agg(pl.col("home_points", "away_points").sum())
    frames = pl.DataFrame(games).with_columns(neutral_site=pl.lit(False)).join(points, on="game_id", maintain_order="left")
    return {"games": frames, "stints": table, "player_game_stats": _box(frames, table)}


def _stint(rng: np.random.Generator, game: str, index: int, home: int, away: int, noise: float) -> dict:
    offence, defence = _truth()
    five = {side: sorted(team * ROSTER + rng.choice(ROSTER, 5, replace=False)) for side, team in (("home", home), ("away", away))}
    worth = {
        side: LEVEL + edge + offence[five[side]].sum() - defence[five[other]].sum() + rng.normal(0, noise)
        for side, other, edge in (("home", "away", HOME_EDGE / 2), ("away", "home", -HOME_EDGE / 2))
    }
    return {
        "game_id": game, "stint_index": index, "home_lineup": five["home"], "away_lineup": five["away"],
        "home_possessions": POSSESSIONS, "away_possessions": POSSESSIONS,
        "home_points": worth["home"] * POSSESSIONS / 100, "away_points": worth["away"] * POSSESSIONS / 100,
    }  # fmt: skip


def _box(games: pl.DataFrame, stints: pl.DataFrame) -> pl.DataFrame:
    """Minutes as played, and field goals so that the possessions come out right."""
    sides = [stints.select("game_id", player_id=pl.col(f"{side}_lineup")).explode("player_id") for side in ("home", "away")]
    minutes = pl.concat(sides).group_by("game_id", "player_id").agg(min=4 * pl.len().cast(pl.Int32)).sort("game_id", "player_id")
    lines = minutes.with_columns(team_id=pl.col("player_id") // ROSTER, fga=pl.col("min") * 2 / 5, fta=0, oreb=0, tov=0)
    return lines.with_columns(fga=pl.col("fga") * POSSESSIONS / 8).join(games.select("game_id", "season", "game_date"), on="game_id")


def _last(frames: dict[str, pl.DataFrame], settings: RapmSettings = LOOSE) -> pl.DataFrame:
    """The last snapshot, with the truth beside it."""
    table = build(History.from_frames(frames), ["2021-22"], settings)
    offence, defence = _truth()
    truth = pl.DataFrame({"player_id": np.arange(len(offence)), "offence": offence, "defence": defence})
    return table.filter(pl.col("game_date") == pl.col("game_date").max()).join(truth, on="player_id")


def _r(table: pl.DataFrame, one: str, other: str) -> float:
    return float(np.corrcoef(table[one], table[other])[0, 1])


@pytest.fixture(scope="module")
def snapshot() -> pl.DataFrame:
    return _last(_league(90))


def test_known_worth_is_recovered(snapshot: pl.DataFrame):
    assert _r(snapshot, "orapm", "offence") > 0.95
    assert _r(snapshot, "drapm", "defence") > 0.95
    assert np.polyfit(snapshot["offence"], snapshot["orapm"], 1)[0] == pytest.approx(1, abs=0.15)


def test_offence_and_defence_do_not_mix(snapshot: pl.DataFrame):
    left = snapshot.with_columns(error=pl.col("orapm") - pl.col("offence"))
    assert abs(_r(left, "error", "defence")) < 0.3
    assert np.allclose(snapshot["rapm"], snapshot["orapm"] + snapshot["drapm"])


def test_standard_errors_fall_with_play_and_cover_the_truth():
    table = _last(_league(90, noise=40.0), RapmSettings(player_penalty=40.0**2 * POSSESSIONS / 9, newcomer=0.0))
    inside = (pl.col("orapm") - pl.col("offence")).abs() < 1.96 * pl.col("orapm_se")
    assert table.select(inside.mean()).item() > 0.85
    assert _r(table, "possessions", "orapm_se") < -0.5


def test_a_game_without_stints_counts_by_its_box_lines():
    frames = _league(90)
    known = frames["games"].filter(pl.col("season") == "2021-22").select("game_id")
    frames["stints"] = frames["stints"].join(known, on="game_id", how="semi")
    first = build(History.from_frames(frames), ["2021-22"], LOOSE).filter(pl.col("game_date") == OPENERS["2021-22"])
    assert first.height == TEAMS * ROSTER
    offence, defence = _truth()
    assert np.corrcoef(first["rapm"], (offence + defence)[first["player_id"].to_numpy()])[0, 1] > 0.4


def test_one_who_hardly_played_is_put_below_average():
    frames = _league(20)
    calm = build(History.from_frames(frames), ["2020-21"], RapmSettings(player_penalty=1e9, newcomer=-1.5))
    second = calm.filter(pl.col("game_date") == OPENERS["2020-21"] + timedelta(days=1))
    assert second["orapm"].to_numpy() == pytest.approx(-1.5 * np.exp(-second["possessions"].to_numpy() / 1500), abs=1e-3)


def test_before_any_history_there_are_no_rows():
    table = build(History.from_frames(_league(12)), ["2020-21"])
    assert table["game_date"].min() == OPENERS["2020-21"] + timedelta(days=1)
    assert table.schema == SCHEMA
    assert table.drop("season", "game_date").to_numpy().astype(float).min() > -1e6


def test_one_who_has_not_played_for_two_years_is_left_out():
    table = build(History.from_frames(_league(12)), ["2021-22"], RapmSettings(active_days=200))
    assert table["game_date"].min() == OPENERS["2021-22"] + timedelta(days=1)


def test_the_same_bits_whichever_seasons_are_asked():
    history = History.from_frames(_league(12))
    alone, both = build(history, ["2021-22"]), build(history, list(OPENERS))
    assert alone.equals(both.filter(pl.col("season") == "2021-22"))


@pytest.mark.parametrize("day", [OPENERS["2021-22"], OPENERS["2021-22"] + timedelta(days=2)])
@pytest.mark.parametrize("mutation", ["scramble", "delete"])
def test_the_future_does_not_matter(day: date, mutation):
    frames = _league(12)
    first = frames["games"]["game_id"].implode()
    frames["stints"] = frames["stints"].filter(pl.col("game_id").is_in(first) & ~pl.col("game_id").str.ends_with("3"))
    assert find_leaks(FEATURE, frames, day, mutation) == []


def test_a_planted_look_at_tonight_is_found():
    def cheat(history: History, seasons):
        tonight = history.dated("stints").group_by("game_date").agg(pl.col("home_points").sum())
        return build(history, seasons).join(tonight, on="game_date", how="left", maintain_order="left")

    assert find_leaks(type(FEATURE)("player_rapm", cheat, FEATURE.inputs, FEATURE.key, ""), _league(12), OPENERS["2021-22"], "scramble")


def test_no_stints_at_all_is_no_error():
    frames = _league(12)
    frames["stints"] = frames["stints"].clear()
    table = build(History.from_frames(frames), ["2021-22"])
    assert table.height > 0
    assert table.select(pl.col("rapm", "rapm_se").is_finite().all()).row(0) == (True, True)
