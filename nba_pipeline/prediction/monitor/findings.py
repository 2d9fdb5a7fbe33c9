"""What of a drift report is alarming: each question with its limits, and why they are where they are.

| question | WARN | ERROR |
|---|---|---|
| `inputs`, `outputs` | PSI above .1 and the noise floor | above .25 and the floor; of what moves with the league, above 3 |
| `against_elo` | worse by more than .005 on average | the whole interval worse |
| `against_held_out` | the lead over Elo shrank, the whole interval | shrank by more than .005, the whole interval |
| `against_market` | better than the closing line by .005 on average | the whole interval better by .005: a leak |
| `against_other_version` | the other version is better, the whole interval | never: a person chooses versions |

.1 and .25 are the usual limits of PSI. They hold for differences between two clubs, the calendar, chances and margins: on the real
seasons 2015-16 .. 2021-22 none of them moved by more than .08 against the four seasons before. What has the league's level in it
moved with the league (field goal percentage 1.8, spacing .7, total 2.5) and ratings bore it, while a broken feature (constant,
another unit) shows 4.4 and more: hence 3. KS is shown and decides nothing: it says whether two periods differ, PSI by how much.
No statistics here (`evaluation/drift.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from nba_pipeline.evaluation.criteria import LOG_LOSS_TOLERANCE, MINIMUM_PRICED_GAMES

Level = Literal["ok", "WARN", "ERROR", "insufficient"]

MINIMUM_GAMES = 100
"""Recent games; the standard error of a paired log loss is .02 on so many, and says little on fewer."""

WARN_PSI, ERROR_PSI, ERROR_PSI_OF_THE_LEAGUE = 0.1, 0.25, 3.0
MOVES_WITH_THE_LEAGUE = ("efg_pct", "tov_pct", "orb_pct", "ft_rate", "orapm", "drapm", "rapm", "hull_area", "off_rating_z", "def_rating_z")
"""Numbers of one club, by the end of their name; with the total of points. Differences of two clubs are not among them."""

QUESTIONS: dict[str, str] = {
    "inputs": "The context numbers are distributed as in training",
    "outputs": "The forecasts are distributed as in training",
    "against_elo": "Log loss of recent games is not worse than Elo's",
    "against_held_out": "The lead over Elo has not shrunk since the version was judged",
    "against_market": "Log loss of recent games is not better than the closing line by more than is possible",
    "against_other_version": "The newer version is not worse than the other on the same games",
}


@dataclass(frozen=True)
class Finding:
    """The answer to one question.

    Attributes:
        question: one of `QUESTIONS`.
        level: how alarming; `insufficient` where too few games could tell.
        message: for people, with the numbers.
        value: the number that was judged, if there is one.
    """

    question: str
    level: Level
    message: str
    value: float | None = None


@dataclass(frozen=True)
class HeldOut:
    """What the version was judged by: net − Elo in log loss before tip-off.

    Attributes:
        log_loss: of the net.
        minus_elo: paired difference, with its standard_error.
        games: that were held out.
    """

    log_loss: float
    minus_elo: float
    standard_error: float
    games: int

    @classmethod
    def of(cls, metrics: Mapping[str, Any]) -> "HeldOut | None":
        """From the metrics of a version; None where it was registered without."""
        names = ("log_loss", "log_loss_minus_elo", "log_loss_minus_elo_low", "log_loss_minus_elo_high", "games")
        found = [float(metrics[f"pregame/{name}"]) for name in names if metrics.get(f"pregame/{name}") is not None]
        if len(found) < len(names):
            return None
        log_loss, mean, low, high, games = found
        return cls(log_loss, mean, (high - low) / 3.92, int(games))


def moves_with_the_league(quantity: str) -> bool:
    """Whether a number has the league's level in it."""
    return quantity == "total" or (quantity.startswith(("home_", "away_")) and quantity.endswith(MOVES_WITH_THE_LEAGUE))


def shift_levels(shifts: pl.DataFrame) -> pl.DataFrame:
    """The table of shifts with the column `level`."""
    error = pl.Series([ERROR_PSI_OF_THE_LEAGUE if moves_with_the_league(name) else ERROR_PSI for name in shifts["quantity"]])
    beyond_noise = pl.col("psi") > pl.col("psi_limit")
    level = (
        pl.when(beyond_noise & (pl.col("psi") > error)).then(pl.lit("ERROR"))
        .when(beyond_noise & (pl.col("psi") > WARN_PSI)).then(pl.lit("WARN"))
        .otherwise(pl.lit("ok"))
    )  # fmt: skip
    return shifts.with_columns(level=level)


def shifted(question: str, shifts: pl.DataFrame) -> Finding:
    """The worst of several quantities; `shifts` has levels."""
    worst = shifts.sort("psi", descending=True).row(0, named=True)
    found = set(shifts["level"])
    level: Level = "ERROR" if "ERROR" in found else "WARN" if "WARN" in found else "ok"
    if level == "ok":
        return Finding(question, "ok", f"none of {shifts.height} moved beyond noise and PSI {WARN_PSI}", worst["psi"])
    alarming = shifts.filter(pl.col("level") == level).sort("psi", descending=True)
    named = ", ".join(f"{row['quantity']} {row['psi']:.2f} (noise {row['psi_limit']:.2f})" for row in alarming.iter_rows(named=True))
    return Finding(question, level, f"PSI of {named}", worst["psi"])


def against_elo(row: Mapping[str, Any]) -> Finding:
    """From the row of Elo in the scores of recent games."""
    level: Level = "ERROR" if row["low"] > 0 else "WARN" if row["net_minus"] > LOG_LOSS_TOLERANCE else "ok"
    return Finding("against_elo", level, f"net − Elo {_interval(row)}", row["net_minus"])


def against_held_out(row: Mapping[str, Any], held_out: HeldOut | None) -> Finding:
    """How the lead over Elo changed; Elo takes out how hard to forecast the games of either period were."""
    if held_out is None:
        return Finding("against_held_out", "insufficient", "the version was registered without held-out numbers")
    change = row["net_minus"] - held_out.minus_elo
    reach = 1.96 * (row["standard_error"] ** 2 + held_out.standard_error**2) ** 0.5
    level: Level = "ERROR" if change - reach > LOG_LOSS_TOLERANCE else "WARN" if change - reach > 0 else "ok"
    told = f"net − Elo was {held_out.minus_elo:+.4f} on {held_out.games:,} held-out games: {change:+.4f} ± {reach:.4f} since"
    return Finding("against_held_out", level, told, change)


def against_market(row: Mapping[str, Any] | None) -> Finding:
    """From the row of the closing line in the scores of recent games that have one."""
    if row is None or row["games"] < MINIMUM_PRICED_GAMES:
        games = row["games"] if row else 0
        return Finding("against_market", "insufficient", f"{games} games with a closing line, {MINIMUM_PRICED_GAMES} are needed")
    level: Level = "ERROR" if row["high"] < -LOG_LOSS_TOLERANCE else "WARN" if row["net_minus"] < -LOG_LOSS_TOLERANCE else "ok"
    leak = ": better than is possible, a leak until proved otherwise" if level == "ERROR" else ""
    return Finding("against_market", level, f"net − closing line {_interval(row)} on {row['games']:,} games{leak}", row["net_minus"])


def against_other_version(row: Mapping[str, Any] | None, version: str, other: str | None) -> Finding:
    """From the row of the other version in the scores of recent games."""
    if row is None or other is None:
        return Finding("against_other_version", "ok", "there is no other version")
    level: Level = "WARN" if row["low"] > 0 else "ok"
    return Finding("against_other_version", level, f"{version} − {other} {_interval(row)}", row["net_minus"])


def too_few(findings: tuple[Finding, ...], games: int) -> tuple[Finding, ...]:
    """The same answers, alarming nobody where there are too few recent games."""
    if games >= MINIMUM_GAMES:
        return findings
    why = f"{games} recent games, {MINIMUM_GAMES} are needed"
    return tuple(Finding(one.question, "insufficient", f"{why}; {one.message}", one.value) for one in findings)


def _interval(row: Mapping[str, Any]) -> str:
    return f"{row['net_minus']:+.4f} [{row['low']:+.4f}, {row['high']:+.4f}]"
