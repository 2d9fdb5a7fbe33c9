"""The page `docs/simulated_league.md`: how like the real league it is, and how well its truth is found."""

from collections.abc import Mapping, Sequence

from nba_pipeline_tests.truth.averages import REAL, REAL_SEASONS
from nba_pipeline_tests.truth.forecasts import Replay
from nba_pipeline_tests.truth.plus_minus import Recovery

INTRODUCTION = """# The simulated league

`make run` without arguments plays a league of invented people in the thirty real clubs and writes it as the raw archive has real
seasons, so that everything after the archive is the code that real data goes through. Nothing here says anything about real basketball.
How it is made is in `nba_pipeline/sources/simulator`; this page is written by `make truth`.

What a possession is worth is additive by construction: the league average, plus the offence of the five with the ball, minus the
defence of the others, plus floor and rest; who leads eases off. How it comes about (zones, turnovers, fouls, rebounds) is style, and
the share of shots made is shifted so that the expectation over the whole tree is exactly the worth. So everybody's value is known."""

NOT_LIKE_IT = """What is known to be unlike: fewer overtimes, since nobody plays for the last shot; no flagrant fouls, challenges or heaves;
nobody is traded but at one deadline; clubs do not try to lose."""


Recoveries = Mapping[str, tuple[Recovery, Recovery, float]]


def page(simulated: Mapping[str, float], seasons: str, recoveries: Recoveries, replays: Replay | None) -> str:
    """The whole page.

    Args:
        simulated: averages of the simulated league.
        seasons: which of its seasons.
        recoveries: by season, plus-minus on expected points, on scored ones, and the mean correlation on Gaussian draws.
        replays: forecasts of the registered version; None when there is none.
    """
    blocks = [INTRODUCTION, *_averages(simulated, seasons), NOT_LIKE_IT, *_plus_minus(recoveries)]
    return "\n\n".join(blocks + (list(_forecasts(replays)) if replays else [])) + "\n"


def _averages(simulated: Mapping[str, float], seasons: str) -> Sequence[str]:
    rows = [(one.name, f"{simulated[one.name]:.3g}", f"{one.low:g} .. {one.high:g}") for one in REAL]
    title = f"Per team and game where nothing else is said; simulated {seasons}, real {', '.join(REAL_SEASONS)} (lowest .. highest season)."
    return "## Next to the real league", title, table(("", "simulated", "real"), rows)


def _plus_minus(recoveries: Recoveries) -> Sequence[str]:
    rows = [
        (season, str(scored.players), f"{free.r:.3f}", f"{scored.r:.3f}", f"{gaussian:.3f}", f"{scored.covered:.3f}")
        for season, (free, scored, gaussian) in recoveries.items()
    ]
    text = (
        "Correlation of `player_rapm`, one season, with the values that the league was made with: on the points that the ten on court\n"
        "were worth (hardly shrunk), on the points that were scored, and on Gaussian points over the same design, which is what a ridge\n"
        "assumes; and the share of players whose 90 % interval holds the truth."
    )
    return "## Plus-minus", text, table(("season", "players", "r, expected", "r, scored", "r, Gaussian", "covered"), rows)


def _forecasts(replays: Replay) -> Sequence[str]:
    rows = [
        (one.name, f"{one.loss:.4f}", f"{one.beyond_oracle.mean:+.4f} [{one.beyond_oracle.low:+.4f}, {one.beyond_oracle.high:+.4f}]")
        for one in replays.judged
    ]
    text = (
        f"{replays.games} match-ups of the held-out season, each played {replays.times:,} times from what was so before tip-off. Expected\n"
        f"log loss is the cross-entropy against the share of home wins; its floor is {replays.floor:.4f}. The oracle knows everybody's\n"
        "value, the planned minutes and who is hurt; the forecasts know games of earlier dates."
    )
    return "## Forecasts before tip-off", text, table(("forecast", "expected log loss", "beyond the oracle [95 %]"), rows)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, numbers to the right."""
    rule = "|".join([":--", *["--:"] * (len(header) - 1)])
    return "\n".join([f"| {' | '.join(header)} |", f"|{rule}|", *(f"| {' | '.join(row)} |" for row in rows)])
