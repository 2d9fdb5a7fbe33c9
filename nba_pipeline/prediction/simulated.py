"""What a person should know of a run on the simulated league: that it was one, what was learned, how to go on with real data.

Pure text. What does not belong here: the tables of scores (`report.py`), the league itself (`sources/simulator`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from nba_pipeline.evaluation.scores import NET
from nba_pipeline.settings import USUAL_SEASONS

WHAT_IT_IS = "simulated league: real names of the 30 clubs, invented players; nothing here says anything about real basketball"

FORECASTS = {NET: "net", "elo": "Elo", "rating": "player ratings", "closing_line": "closing line"}
MEASURED = ("test_market", "test", "validation_market", "validation")
"""Parts of a report, best first: games that chose nothing, and of them those with a closing line, so that all rows are the same."""

NEXT_STEPS = (
    (f"nba download --seasons {USUAL_SEASONS['archive']}", "fetches plays and shots"),
    ("data/README.md", "says where game logs and the player index are published"),
    (f"make run SOURCE=archive SEASONS={USUAL_SEASONS['archive']}", "add ARCHIVE=folder where the files are not in data/raw"),
)


def is_simulated(facts: Mapping[str, Any]) -> bool:
    """Whether a candidate was trained on a simulated league."""
    return facts["source"] == "simulated"


def epilogue(facts: Mapping[str, Any]) -> str:
    """The last words of a run on the simulated league.

    Args:
        facts: of the candidate, as `models.candidates.read_candidate` gives them.
    """
    steps = (f"  {command:50}{what}" for command, what in NEXT_STEPS)
    return "\n".join([f"This was a {WHAT_IT_IS}.", "", *_learned(facts), "", "Real data:", *steps])


def _learned(facts: Mapping[str, Any]) -> Iterator[str]:
    part = next(name for name in MEASURED if facts["scores"].get(name))
    kind = part.removesuffix("_market")
    rows = {row["forecast"]: row for row in facts["scores"][part] if (row["instant"], row["metric"]) == ("pregame", "log_loss")}
    games = f"{rows[NET]['games']:,} held-out games{'' if part == kind else ' with a closing line'} ({kind} {facts['labels'][kind]})"
    yield f"What was learned, before tip-off, on {games}:"
    losses = ", ".join(f"{title} {rows[name]['value']:.4f}" for name, title in FORECASTS.items() if name in rows)
    yield f"  log loss: {losses} (lower is better; a coin has 0.6931)"
    yield f"  net − Elo, game by game: {_compared(rows['elo'])}"


def _compared(row: Mapping[str, Any]) -> str:
    """The paired difference with its interval, and what that says."""
    low, high = row["low"], row["high"]
    answer = "the net is better" if high < 0 else "Elo is better" if low > 0 else "these games do not tell them apart"
    return f"{row['net_minus']:+.4f}, 95 % interval [{low:+.4f}, {high:+.4f}]: {answer}"
