"""`nba experiment leaderboard` and `head-to-head`."""

from datetime import datetime

import click

from nba_pipeline.cli.experiment_options import DAY, open_database, told
from nba_pipeline.cli.output import console, json_option, print_json, print_table


@click.command()
@click.option("--model", "models", multiple=True, help="Only these; may be repeated.")
@click.option("--from", "since", type=DAY, help="First date of games.")
@click.option("--to", "until", type=DAY, help="Last date of games.")
@click.option("--with-line", is_flag=True, help="Only rows with a betting line, and the line as one more forecast.")
@json_option
def leaderboard(models: tuple[str, ...], since: datetime | None, until: datetime | None, with_line: bool, as_json: bool) -> None:
    """Models from the smallest error to the largest, on the graded rows that all of them share.

    `vs_baseline` is the mean absolute error minus the baseline's, paired; below 0 the model is better. Intervals are 95 %, dates are
    resampled.

    \b
    Examples:
      nba experiment leaderboard
      nba experiment leaderboard --from 2022-10-01 --to 2023-06-30 --json
      nba experiment leaderboard --with-line

    \b
    Exit codes: 0 shown; 2 nothing is graded that all of them share, or only one date is.
    """
    from nba_pipeline.experiments.leaderboard import leaderboard as board

    with told():
        standings = board(open_database(), models, since and since.date(), until and until.date(), with_line=with_line)
    rows = [one.to_dict() for one in standings]
    if as_json:
        print_json(rows)
        return
    first = standings[0]
    print_table(f"{first.rows:,} shared rows on {first.mae.dates} dates", [_short(row) for row in rows])


@click.command("head-to-head")
@click.argument("a")
@click.argument("b")
@click.option("--from", "since", type=DAY, help="First date of games.")
@json_option
def head_to_head(a: str, b: str, since: datetime | None, as_json: bool) -> None:
    """Mean absolute error of A minus that of B on the rows that both have, with a 95 % interval over dates.

    \b
    Exit codes: 0 shown; 2 they share no graded rows of two dates, one of them does not exist, or both are the same.
    """
    if a == b:
        raise click.UsageError(f"{a} against itself: name two models")
    from dataclasses import asdict

    from nba_pipeline.experiments.leaderboard import head_to_head as meet

    with told():
        difference, closer = meet(open_database(), a, b, since and since.date())
    if as_json:
        print_json({**asdict(difference), "a_closer": closer})
        return
    found = f"{difference.mean:+.4f} [{difference.low:+.4f}, {difference.high:+.4f}]"
    console.print(f"{a} − {b}: {found} points, {difference.games:,} rows on {difference.dates} dates", highlight=False)
    console.print(f"{a} is closer on {closer:.1%} of them", highlight=False)


def _short(row: dict) -> dict:
    def interval(name: str, pattern: str) -> str:
        low, high = row[f"{name}_low"], row[f"{name}_high"]
        return "" if row[name] is None else f"{row[name]:{pattern}} [{low:{pattern}}, {high:{pattern}}]"

    return {
        "model": row["model"],
        "N": row["N"],
        "coverage": f"{row['coverage']:.1%}",
        "mae ± se": f"{row['mae']:.4f} ± {row['mae_se']:.4f}",
        "bias": f"{row['bias']:+.3f}",
        "vs baseline": interval("vs_baseline", "+.4f"),
        **({"vs line": interval("vs_line", "+.4f")} if row["vs_line"] is not None else {}),
        "bets": row["bets"],
        "hit rate": interval("hit_rate", ".3f"),
        "production": row["production"],
    }
