"""What a game model must reach to be accepted: criteria as data, and one pure `verdict()`.

Used by the asset checks, the registry and `make run`; none of them judges by itself. The judged `report` is a flat mapping of
names to numbers, as `scores.as_report` makes it from held-out games, forecasts with the lineups projected. Read here:

| name | what it is |
|---|---|
| `pregame/games`, `q3/games` | held-out games that are scored at that instant |
| `pregame/accuracy`, `pregame/brier_score`, `pregame/log_loss` | the net before tip-off |
| `pregame/log_loss_minus_elo`, `…_low`, `…_high` | paired mean, net − Elo, and its 95 % date-block interval |
| `pregame/ece` | expected calibration error of the net, 10 bins |
| `pregame/ece_noise_p99` | 99th percentile of the error that a perfect forecast would show on these games |
| `pregame/ece_best_baseline` | the error of the baseline with the lowest log loss |
| `market/log_loss_minus_closing_line_high` | upper end of the interval of net − closing line, on the games that have a line |
| `q3/margin_mae`, `q3/total_mae` | the net as of the end of the third quarter, points |
| `q3/margin_mae_minus_elo_low`, `q3/total_mae_minus_elo_low`, `q3/log_loss_minus_elo_low` | lower end of the same interval in-game |

The baseline `elo` is Elo before tip-off and the linear score + Elo floor after it, so one name serves every instant. "Not worse"
means that the interval of net − baseline does not lie wholly above 0.

Nobody reaches 8 and 12 points before tip-off (the closing line errs by about 10 and 14), so points are judged in-game. Nor does anybody
beat the closing line by much: a version that does, with the whole interval, has seen what it forecasts. Where no game has a line
this is not asked.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["ERROR", "WARN"]
Relation = Literal["<", "<=", ">", ">="]
Status = Literal["accepted", "refused", "insufficient"]

MINIMUM_GAMES = 500
MINIMUM_PRICED_GAMES = 100
"""Games with a closing line; on fewer, the bootstrap of their dates is no interval to refuse a version by."""

LOG_LOSS_TOLERANCE = 0.005
"""Log loss before tip-off that counts as a difference: about the standard error of a paired season."""


@dataclass(frozen=True)
class Bound:
    """A limit: a number, added to another metric of the same instant if one is named."""

    value: float
    above: str | None = None


@dataclass(frozen=True)
class Criterion:
    """One thing that must hold.

    Attributes:
        name: unique, for people and asset checks.
        instant: when the forecast is made: pregame, q1, q2, q3, q4; or `market`, before tip-off on games with a closing line.
        metric: which number of that instant is judged.
        relation: how it must stand to the bound.
        bounds: the limit is the largest of them.
        severity: a failed ERROR refuses the version, a failed WARN is only shown.
        where_there_are: games without which it is not asked, and passes; by default its numbers must be there.
    """

    name: str
    instant: str
    metric: str
    relation: Relation
    bounds: tuple[Bound, ...]
    severity: Severity = "ERROR"
    where_there_are: int = 0

    @property
    def key(self) -> str:
        """Name of the judged number in a report."""
        return f"{self.instant}/{self.metric}"

    @property
    def needed(self) -> tuple[str, ...]:
        """Every name that must be in a report."""
        return (self.key, *(f"{self.instant}/{bound.above}" for bound in self.bounds if bound.above))


NO_EDGE = (Bound(-LOG_LOSS_TOLERANCE),)

CRITERIA: tuple[Criterion, ...] = (
    Criterion("pregame_accuracy", "pregame", "accuracy", ">", (Bound(0.55),)),
    Criterion("pregame_brier_score", "pregame", "brier_score", "<", (Bound(0.25),)),
    Criterion("pregame_log_loss", "pregame", "log_loss", "<", (Bound(0.68),)),
    Criterion("pregame_close_to_elo", "pregame", "log_loss_minus_elo", "<=", (Bound(LOG_LOSS_TOLERANCE),)),
    Criterion("pregame_not_worse_than_elo", "pregame", "log_loss_minus_elo_low", "<=", (Bound(0.0),)),
    Criterion("pregame_calibration_noise", "pregame", "ece", "<=", (Bound(0.0, "ece_noise_p99"),), "WARN"),
    Criterion("pregame_calibration", "pregame", "ece", "<=", (Bound(0.0, "ece_noise_p99"), Bound(0.02, "ece_best_baseline"))),
    Criterion("market_not_beaten", "market", "log_loss_minus_closing_line_high", ">=", NO_EDGE, where_there_are=MINIMUM_PRICED_GAMES),
    Criterion("q3_margin_mae", "q3", "margin_mae", "<", (Bound(8.0),)),
    Criterion("q3_total_mae", "q3", "total_mae", "<", (Bound(12.0),)),
    Criterion("q3_margin_not_worse_than_floor", "q3", "margin_mae_minus_elo_low", "<=", (Bound(0.0),)),
    Criterion("q3_total_not_worse_than_floor", "q3", "total_mae_minus_elo_low", "<=", (Bound(0.0),)),
    Criterion("q3_log_loss_not_worse_than_floor", "q3", "log_loss_minus_elo_low", "<=", (Bound(0.0),)),
)


@dataclass(frozen=True)
class CriterionResult:
    """How one criterion came out; `value` and `bound` are NaN where the report lacks a number."""

    name: str
    passed: bool
    severity: Severity
    value: float
    bound: float
    message: str


@dataclass(frozen=True)
class Verdict:
    """The answer, every criterion's result, and in `reasons` what kept the version from being accepted."""

    status: Status
    results: tuple[CriterionResult, ...]
    reasons: tuple[str, ...]


def verdict(report: Mapping[str, Any]) -> Verdict:
    """Judges a report.

    Returns:
        `insufficient` with fewer than 500 held-out games, or where numbers are missing and nothing present fails;
        `refused` where an ERROR criterion fails; else `accepted`.
    """
    results = tuple(_judge(criterion, report) for criterion in CRITERIA)
    few = tuple(
        f"{key}: {report.get(key, 'not in the report')}, {MINIMUM_GAMES} are needed" for key in _GAMES if not _enough(report.get(key))
    )
    if few:
        return Verdict("insufficient", results, few)
    failed = tuple(one.message for one in results if not one.passed and one.severity == "ERROR" and not _is_missing(one.name, report))
    if failed:
        return Verdict("refused", results, failed)
    missing = tuple(one.message for one in results if _is_missing(one.name, report))
    return Verdict("insufficient" if missing else "accepted", results, missing)


def _enough(games: float | None) -> bool:
    return games is not None and games >= MINIMUM_GAMES


def _is_missing(name: str, report: Mapping[str, Any]) -> bool:
    criterion = _BY_NAME[name]
    return not _is_idle(criterion, report) and any(report.get(key) is None for key in criterion.needed)


def _is_idle(criterion: Criterion, report: Mapping[str, Any]) -> bool:
    """Whether there are too few of the games that it is about."""
    return not (report.get(f"{criterion.instant}/games") or 0) >= criterion.where_there_are


def _judge(criterion: Criterion, report: Mapping[str, Any]) -> CriterionResult:
    if _is_idle(criterion, report):
        games = report.get(f"{criterion.instant}/games", 0)
        message = f"{criterion.name}: not asked, {games} such games, {criterion.where_there_are} are needed"
        return CriterionResult(criterion.name, True, criterion.severity, math.nan, math.nan, message)
    if _is_missing(criterion.name, report):
        absent = ", ".join(key for key in criterion.needed if report.get(key) is None)
        return CriterionResult(
            criterion.name, False, criterion.severity, math.nan, math.nan, f"{criterion.name}: {absent} not in the report"
        )
    value = float(report[criterion.key])
    limit = max(bound.value + (float(report[f"{criterion.instant}/{bound.above}"]) if bound.above else 0.0) for bound in criterion.bounds)
    holds = {"<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit}[criterion.relation]
    passed = math.isfinite(value) and math.isfinite(limit) and holds
    return CriterionResult(criterion.name, passed, criterion.severity, value, limit, _message(criterion, value, limit, passed))


def _message(criterion: Criterion, value: float, limit: float, passed: bool) -> str:
    stated = f"{criterion.name}: {criterion.key} is {value:.4f}, must be {criterion.relation} {limit:.4f}"
    return stated if passed else f"{stated}: fails by {abs(value - limit):.4f}"


_GAMES = tuple(dict.fromkeys(f"{criterion.instant}/games" for criterion in CRITERIA if not criterion.where_there_are))
_BY_NAME = {criterion.name: criterion for criterion in CRITERIA}
