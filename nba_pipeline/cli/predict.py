"""`nba predict`: the games of a date before tip-off."""

from datetime import datetime

import click

from nba_pipeline.cli.output import console, json_option, plain_errors, print_json, print_table, read_settings


@click.command()
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Eastern date of the games.")
@click.option("--version", default="latest", show_default=True, help="Registered model version.")
@click.option(
    "--lineups", type=click.Choice(["projected", "reported"]), default="projected", show_default=True, help="What is known of who plays."
)
@json_option
def predict(day: datetime, version: str, lineups: str, as_json: bool) -> None:
    """Every game of a date as of tip-off, and what moved each forecast.

    P(home win), margin and total with the range that holds four results in five, the baselines' P(home win) beside them, and the five
    inputs that moved the margin most (points, against a usual game). Nothing of the games themselves is used. The rows
    are also written to the table `game_predictions`, or `game_predictions_reported`, beside those of other versions. `learned` marks a
    date up to which the version was trained or validated: such a forecast is no test of it.

    With `--lineups reported` it is also known which rotation players sit out: from availability_Y.csv.xz where there is one, and in a
    season without one, for looking back, from who appears in the box. A date of which nothing was reported is refused.

    \b
    Examples:
      nba predict --date 2023-01-15
      nba predict --date 2023-01-15 --lineups reported
      nba predict --date 2023-01-15 --version v1.0.0 --json

    \b
    Exit codes: 0 shown, also when there is no game; 2 no such version, features of that date are missing, or nothing was reported.
    """
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.models.registry import ModelRegistry, RegistryError
    from nba_pipeline.models.versions.info import VersionError
    from nba_pipeline.orchestration.resources import StoreResource
    from nba_pipeline.prediction.forecaster import Forecaster, NotServableError
    from nba_pipeline.prediction.slate import SlateError, headline, record, slate
    from nba_pipeline.warehouse.store import StoreError

    store = StoreResource.from_settings(read_settings())
    with plain_errors(RegistryError, VersionError, ArtifactError, NotServableError, SlateError, StoreError):
        forecaster = Forecaster.load(ModelRegistry(store.models_root), version)
        rows = slate(forecaster, store.warehouse, day.date(), lineups)
        if rows is not None:
            record(store.warehouse, rows, day.date(), lineups)
    if as_json:
        print_json([] if rows is None else rows.to_dicts())
        return
    title = f"{day:%A, %d %B %Y}, {forecaster.version}, source {forecaster.source}, lineups {lineups}"
    print_table(title, [] if rows is None else headline(rows), "no game is known on this date")
    if rows is not None and rows["learned"][0]:
        until = forecaster.learned_until
        console.print(f"{forecaster.version} has learned from games up to {until}: this date is no test of it", style="yellow")
    if rows is not None and rows["forecast"][0] != "net":
        console.print(f"served: {rows['forecast'][0]}, which was better than the net on the validation games", style="dim")
