"""`nba experiment run` and `grade`: the two steps of every day."""

import sys
from datetime import datetime

import click

from nba_pipeline.cli.experiment_options import chosen_dates, dates_options, open_warehouse, told
from nba_pipeline.cli.output import console, json_option, print_json, print_table


@click.command()
@dates_options
@json_option
def run(day: datetime | None, first: datetime | None, last: datetime | None, season: str | None, as_json: bool) -> None:
    """Predict the games of some dates with every enabled model.

    Any number of runs leaves one row per model, player and game; what has been graded is not touched. A model predicts nothing of the
    time it was trained on. A model that fails is named, and the others go on. The schedule does this at 12:00 Eastern.

    \b
    Examples:
      nba experiment run --date 2022-11-05
      nba experiment run --season 2022-23
      nba experiment run --from 2022-11-01 --to 2022-11-30 --json

    \b
    Exit codes: 0 every model ran; 1 a model failed; 2 no games on these dates, or no model is enabled.
    """
    from nba_pipeline.experiments.runner import run_dates
    from nba_pipeline.orchestration.window_points import points_loaders

    with told():
        warehouse = open_warehouse()
        report = run_dates(warehouse, chosen_dates(warehouse, day, first, last, season), points_loaders(warehouse))
    if as_json:
        print_json(report.to_dict())
        sys.exit(bool(report.failed))
    print_table(f"{report.games} games on {report.dates} dates, {report.players} players", [one.__dict__ for one in report.models])
    console.print(f"{report.written} predictions written in {report.seconds:.1f} s", highlight=False)
    for change in report.by_hand:
        console.print(f"changed by hand: {change}", style="yellow", highlight=False, soft_wrap=True)
    sys.exit(bool(report.failed))


@click.command()
@dates_options
@json_option
def grade(day: datetime | None, first: datetime | None, last: datetime | None, season: str | None, as_json: bool) -> None:
    """Hold the predictions of some dates against what happened.

    Who did not play is VOID; a game without a box stays open. Graded twice is graded once. The schedule does this at 02:00 Eastern for
    the day before.

    \b
    Examples:
      nba experiment grade --date 2022-11-05
      nba experiment grade --season 2022-23 --json

    \b
    Exit codes: 0 graded; 2 there are no predictions of these dates.
    """
    from nba_pipeline.experiments.grading import grade_dates

    with told():
        warehouse = open_warehouse()
        report = grade_dates(warehouse, chosen_dates(warehouse, day, first, last, season))
    print_json(report.to_dict()) if as_json else print_table("Grades", [report.to_dict()])
    sys.exit(0 if report.predictions else 2)
