"""What an invented bookmaker offers: the truth before tip-off plus noise, rounded and with a margin."""

from typing import Final

import numpy as np
import polars as pl

from nba_pipeline.league.teams import TEAMS
from nba_pipeline.sources.simulator.floor import AWAY, HOME
from nba_pipeline.sources.simulator.names import full_names
from nba_pipeline.sources.simulator.people import Floats, Ints
from nba_pipeline.sources.simulator.season import LINES, SimulatedSeason
from nba_pipeline.sources.simulator.truth import expected_margin, expected_points, expected_total, win_probability

SPREAD_NOISE, TOTAL_NOISE, POINTS_NOISE = 1.3, 3.0, 0.08
"""Standard deviations: points, points, and a share of a player's points."""

OVERROUND: Final = 0.045
"""By how much the two prices of a bet add to more than 1."""

LEAST_MINUTES_FOR_LINE: Final = 20
BOOKMAKERS: Final = ("Ardent", "Meridian")
EVEN_PRICE: Final = -110


def betting_lines(season: SimulatedSeason) -> pl.DataFrame:
    """One row a game, with the columns of `betting_lines_{Y}`."""
    rng, tonight = season.stream(LINES), season.tonight
    margin = expected_margin(tonight) + rng.normal(0, SPREAD_NOISE, len(tonight))
    total = expected_total(tonight) + rng.normal(0, TOTAL_NOISE, len(tonight))
    home = win_probability(margin)
    clubs = pl.Series([team.sportsbook for team in TEAMS])
    spread = _to_half(np.abs(margin))
    return pl.DataFrame(
        {
            "date": season.schedule.dates,
            "regular": "TRUE",
            "playoffs": "FALSE",
            "away": clubs[season.schedule.away],
            "home": clubs[season.schedule.home],
            "score_away": season.score[:, AWAY],
            "score_home": season.score[:, HOME],
            "whos_favored": np.where(margin >= 0, "home", "away"),
            "spread": spread,
            "total": _to_half(total),
            "moneyline_away": moneyline(1 - home),
            "moneyline_home": moneyline(home),
            "h2_spread": _to_half(spread / 2),
            "h2_total": _to_half(total / 2),
        }
    )


def moneyline(probability: Floats) -> Ints:
    """American odds of a probability, with the bookmaker's margin."""
    price = np.clip(probability * (1 + OVERROUND), 0.01, 0.99)
    return np.rint(np.where(price >= 0.5, -100 * price / (1 - price), 100 * (1 - price) / price)).astype(np.int64)


def prop_lines(season: SimulatedSeason) -> pl.DataFrame:
    """Lines on players' points, two rows (over, under) per player, book and game, with the columns of `player_prop_lines_{Y}`."""
    rng, tonight, people = season.stream(LINES + 1), season.tonight, season.league.people
    game, side, place = np.nonzero(tonight.plan_seconds >= 60 * LEAST_MINUTES_FOR_LINE)
    points, row = expected_points(tonight)[game, side, place], tonight.roster[game, side, place]
    clubs = pl.Series([f"{team.city} {team.nickname}" for team in TEAMS])
    days = pl.Series(season.schedule.dates)[game]
    frames = [
        pl.DataFrame(
            {
                "player": full_names(people.number[row]),
                "market": "player_points",
                "bookmaker": book,
                "line": np.floor(points * np.exp(rng.normal(0, POINTS_NOISE, len(points)))) + 0.5,
                "price": EVEN_PRICE,
                "home_team": clubs[season.schedule.home[game]],
                "away_team": clubs[season.schedule.away[game]],
                "game_id": pl.Series(season.game_ids)[game],
                "commence_time": days.dt.strftime("%Y-%m-%dT23:30:00Z"),
                "game_date": days,
            }
        )
        for book in BOOKMAKERS
    ]
    both = pl.concat([pl.concat(frames).with_columns(side=pl.lit(bet)) for bet in ("Over", "Under")])
    columns = ("player", "market", "bookmaker", "side", "line", "price", "home_team", "away_team", "game_id", "commence_time", "game_date")
    return both.sort("game_id", "player", "bookmaker", "side").select(columns)


def _to_half(points: Floats) -> Floats:
    return np.rint(2 * points) / 2
