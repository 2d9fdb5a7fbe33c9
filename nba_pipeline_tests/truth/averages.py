"""What a league's seasons average, from the game logs alone, so that a simulated league and the real one are measured alike."""

from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from nba_pipeline.league.clock import REGULATION_TEAM_MINUTES
from nba_pipeline.league.seasons import Season
from nba_pipeline.sources.archive import RawArchive

COUNTS = ("FGM", "FGA", "FG3M", "FG3A", "FTM", "FTA", "OREB", "DREB", "AST", "STL", "BLK", "TOV", "PF", "PTS")
TOP_MINUTES = (1, 5, 8)


@dataclass(frozen=True)
class Average:
    """One number of a league.

    Attributes:
        name: what it is.
        low: the lowest real one of `REAL_SEASONS`.
        high: the highest.
        slack: how far outside of these a simulated league may be, in the number's own unit.
    """

    name: str
    low: float
    high: float
    slack: float


REAL_SEASONS: tuple[Season, ...] = ("2016-17", "2017-18", "2018-19", "2021-22")
"""Seasons of 82 games that the simulator was tuned to; the two between were cut short, later ones were not looked at."""

REAL = (
    Average("points", 105.6, 111.2, 1.5),
    Average("possessions per 48 minutes", 98.1, 101.9, 1.0),
    Average("eFG%", 0.514, 0.532, 0.005),
    Average("share of shots that are threes", 0.316, 0.399, 0.0),
    Average("free throws tried per shot", 0.248, 0.271, 0.02),
    Average("free throws made, share", 0.766, 0.775, 0.01),
    Average("turnovers", 13.1, 13.7, 0.7),
    Average("offensive rebounds", 9.7, 10.4, 0.8),
    Average("defensive rebounds", 33.4, 34.8, 2.0),
    Average("assists", 22.6, 24.6, 1.0),
    Average("steals", 7.6, 7.7, 0.7),
    Average("blocks", 4.7, 5.0, 0.7),
    Average("personal fouls", 19.6, 20.9, 1.0),
    Average("home wins, share", 0.544, 0.593, 0.015),
    Average("home margin", 1.7, 3.2, 0.7),
    Average("margin, standard deviation", 13.7, 15.3, 0.5),
    Average("margin, mean absolute", 11.1, 12.4, 0.5),
    Average("total, standard deviation", 19.8, 20.6, 1.0),
    Average("team margin per game, standard deviation", 4.3, 4.9, 0.8),
    Average("team margin, correlation with last season's", 0.61, 0.69, 0.15),
    Average("overtime games, share", 0.047, 0.057, 0.025),
    Average("players of a team in a game", 10.6, 10.6, 0.8),
    Average("minutes of the 1st in minutes", 36.0, 36.5, 2.5),
    Average("minutes of the 5th", 26.6, 27.0, 2.5),
    Average("minutes of the 8th", 16.4, 16.9, 2.5),
)


def league_averages(archive: RawArchive, seasons: tuple[Season, ...]) -> dict[str, float]:
    """The mean over seasons of each number in `REAL`; the last but the correlation is over pairs of following seasons."""
    yearly = [_season(archive.team_log(season), archive.player_log(season)) for season in seasons]
    mean = {name: sum(one[name] for one in yearly) / len(yearly) for name in yearly[0]}
    pairs = [(one, other) for one, other in pairwise(seasons) if int(other[:4]) == int(one[:4]) + 1]
    correlations = [_correlation(archive.team_log(one), archive.team_log(other)) for one, other in pairs]
    return {average.name: mean.get(average.name, sum(correlations) / max(len(correlations), 1)) for average in REAL}


def _season(team_log: pl.DataFrame, player_log: pl.DataFrame) -> dict[str, float]:
    log = _numbers(team_log).filter(pl.col("WL").is_not_null())
    m = {name: float(log[name].mean()) for name in (*COUNTS, "MIN")}  # type: ignore[arg-type]
    games = log.filter(pl.col("MATCHUP").str.contains(" vs. ")).join(log.filter(pl.col("MATCHUP").str.contains(" @ ")), on="GAME_ID")
    margin, total = games["PTS"] - games["PTS_right"], games["PTS"] + games["PTS_right"]
    lines = player_log.with_columns(pl.col("MIN").cast(pl.Float64))
    rank = pl.col("MIN").rank("ordinal", descending=True).over("GAME_ID", "TEAM_ID")
    ranked = dict(lines.group_by(rank.alias("rank")).agg(pl.col("MIN").mean()).iter_rows())
    possessions = m["FGA"] - m["OREB"] + m["TOV"] + 0.44 * m["FTA"]
    named = {
        "points": "PTS", "turnovers": "TOV", "offensive rebounds": "OREB", "defensive rebounds": "DREB", "assists": "AST", "steals": "STL",
        "blocks": "BLK", "personal fouls": "PF",
    }  # fmt: skip
    return (
        {name: m[column] for name, column in named.items()}
        | {
            "possessions per 48 minutes": possessions * REGULATION_TEAM_MINUTES / m["MIN"],
            "eFG%": (m["FGM"] + 0.5 * m["FG3M"]) / m["FGA"],
            "share of shots that are threes": m["FG3A"] / m["FGA"],
            "free throws tried per shot": m["FTA"] / m["FGA"],
            "free throws made, share": m["FTM"] / m["FTA"],
            "home wins, share": float((margin > 0).mean()),  # type: ignore[arg-type]
            "home margin": float(margin.mean()),  # type: ignore[arg-type]
            "margin, standard deviation": float(margin.std()),  # type: ignore[arg-type]
            "margin, mean absolute": float(margin.abs().mean()),  # type: ignore[arg-type]
            "total, standard deviation": float(total.std()),  # type: ignore[arg-type]
            "team margin per game, standard deviation": float(_team_margins(team_log)["margin"].std()),  # type: ignore[arg-type]
            "overtime games, share": float((games["MIN"] > REGULATION_TEAM_MINUTES + 5).mean()),  # type: ignore[arg-type]
            "players of a team in a game": lines.height / log.height,
            "minutes of the 1st in minutes": ranked[1],
            **{f"minutes of the {place}th": ranked[place] for place in TOP_MINUTES[1:]},
        }
    )


def _numbers(log: pl.DataFrame) -> pl.DataFrame:
    return log.with_columns(pl.col(*COUNTS, "MIN").cast(pl.Float64))


def _team_margins(log: pl.DataFrame) -> pl.DataFrame:
    games = _numbers(log).with_columns(other=pl.col("PTS").sum().over("GAME_ID") - pl.col("PTS"))
    return games.group_by("TEAM_ID").agg(margin=(pl.col("PTS") - pl.col("other")).mean())


def _correlation(one: pl.DataFrame, other: pl.DataFrame) -> float:
    both = _team_margins(one).join(_team_margins(other), on="TEAM_ID", suffix="_next")
    return both.select(pl.corr("margin", "margin_next")).item()
