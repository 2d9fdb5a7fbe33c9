"""Plus-minus as the pipeline makes it, on the points that were scored, on those that were expected, and on Gaussian draws."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl

from nba_pipeline.features.asof import History
from nba_pipeline.features.player_rapm import RapmSettings, build
from nba_pipeline.league.seasons import season_label, start_year
from nba_pipeline.sources.simulator.people import FIRST_PLAYER_ID
from nba_pipeline.sources.simulator.season import SimulatedSeason
from nba_pipeline.sources.simulator.worth import possession_worth

Tables = dict[str, pl.DataFrame]
CONFIDENCE_90 = 1.645
UNSHRUNK = RapmSettings(player_penalty=0.1, season_penalty=0.1, newcomer=0.0)
"""Hardly any penalty: for points without noise."""


@dataclass(frozen=True)
class Recovery:
    """How well the truth was found.

    Attributes:
        players: how many.
        r: correlation of estimated and true value.
        r_offence: of the offensive part.
        r_defence: of the defensive part.
        covered: share of players whose 90 % interval holds the truth.
    """

    players: int
    r: float
    r_offence: float
    r_defence: float
    covered: float


def recovery(season: SimulatedSeason, tables: Tables, points: dict[str, np.ndarray], settings: RapmSettings) -> Recovery:
    """Estimates everybody as of the day after the season, and compares with the truth.

    Args:
        season: the truth.
        tables: its tables.
        points: home_points and away_points of each stint.
        settings: of the regression.
    """
    stints = tables["stints"].with_columns(**{name: pl.Series(values) for name, values in points.items()})
    games, following = _and_one_more_game(tables["games"])
    history = History.from_frames({**tables, "games": games, "stints": stints})
    found = build(history, [following], settings).sort("player_id")
    people = season.league.people.pick(_rows(season, found["player_id"].to_numpy()))
    weight = found["possessions"].to_numpy()
    error = _centred(found["rapm"].to_numpy(), weight) - _centred(people.value, weight)
    return Recovery(
        players=found.height,
        r=float(np.corrcoef(found["rapm"], people.value)[0, 1]),
        r_offence=float(np.corrcoef(found["orapm"], people.offence)[0, 1]),
        r_defence=float(np.corrcoef(found["drapm"], people.defence)[0, 1]),
        covered=float((np.abs(error) < CONFIDENCE_90 * found["rapm_se"].to_numpy()).mean()),
    )


def scored(tables: Tables) -> dict[str, np.ndarray]:
    """The points that were scored."""
    return {name: tables["stints"][name].to_numpy().astype(float) for name in ("home_points", "away_points")}


def expected(season: SimulatedSeason, tables: Tables) -> dict[str, np.ndarray]:
    """The points that the ten on court were worth, at level score."""
    stints = tables["stints"]
    game = np.searchsorted(np.array(season.game_ids), stints["game_id"].to_numpy().astype(str))
    home, away = (_rows(season, np.array(stints[f"{side}_lineup"].to_list())) for side in ("home", "away"))
    people, edge = season.league.people, season.tonight.edge[game]
    worth = {"home": possession_worth(people, home, away, edge[:, 0]), "away": possession_worth(people, away, home, edge[:, 1])}
    return {f"{side}_points": values * stints[f"{side}_possessions"].to_numpy() for side, values in worth.items()}


def drawn(mean: dict[str, np.ndarray], tables: Tables, sd: float, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Gaussian points about those that were expected: what a ridge assumes.

    Args:
        mean: expected points of each stint.
        tables: for the possessions.
        sd: standard deviation of the points of one possession.
        rng: source of chance.
    """
    noise = {name: np.sqrt(tables["stints"][name.replace("points", "possessions")].to_numpy()) for name in mean}
    return {name: values + sd * noise[name] * rng.normal(size=len(values)) for name, values in mean.items()}


def points_sd(season: SimulatedSeason, tables: Tables) -> float:
    """Standard deviation of the points of one possession, from those that were scored."""
    stints, mean, total = tables["stints"], expected(season, tables), scored(tables)
    counts = np.concatenate([stints[f"{side}_possessions"].to_numpy() for side in ("home", "away")])
    error = np.concatenate([total[name] - mean[name] for name in total])
    return float(np.sqrt((error[counts > 0] ** 2 / counts[counts > 0]).mean()))


def _rows(season: SimulatedSeason, player_ids: np.ndarray) -> np.ndarray:
    """Rows of the season's people from ids of any shape."""
    number = season.league.people.number
    order = np.argsort(number)
    return order[np.searchsorted(number, player_ids - FIRST_PLAYER_ID, sorter=order)]


def _centred(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return values - np.average(values, weights=weight)


def _and_one_more_game(games: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """The schedule with one game of the next season, not yet played, the day after the last."""
    last = games.sort("game_date").tail(1)
    following = season_label(start_year(last["season"][0]) + 1)
    nothing = [pl.lit(None).cast(last.schema[name]).alias(name) for name in ("home_points", "away_points", "home_win", "margin", "total")]
    more = last.with_columns(
        *nothing, season=pl.lit(following), game_id=pl.lit("9999900001"), game_date=pl.lit(last["game_date"][0] + timedelta(1))
    )
    return pl.concat([games, more]), following
