"""`nba windows predict` and `register`: the meta-learner in use."""

from datetime import datetime

import click

from nba_pipeline.cli.experiment_options import DAY, open_database, open_warehouse, told
from nba_pipeline.cli.output import console, json_option, plain_errors, print_json, print_table


@click.command()
@click.option("--date", "day", type=DAY, required=True, help="Date of games, Eastern, such as 2022-11-05; any since 1946.")
@json_option
def predict(day: datetime, as_json: bool) -> None:
    """Points, rebounds, assists and threes of everybody who may play on a date, in case he does, from what was known before it.

    \b
    Examples:
      nba windows predict --date 2022-11-05
      nba windows predict --date 1957-12-25 --json | jq '.predictions[0]'

    \b
    Exit codes: 0 shown; 2 no games on that date, or no meta-learner that can be used.
    """
    from nba_pipeline.features.era_form import TARGETS
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.warehouse.store import StoreError
    from nba_pipeline.windows.candidates import NoGamesError, candidates
    from nba_pipeline.windows.predict import Forecaster

    warehouse = open_warehouse()
    with plain_errors(NoGamesError, ArtifactError, StoreError):
        rows = Forecaster(warehouse).predict(candidates(warehouse, day.date()))
    shown = rows.select("game_id", "team_id", "player_id", "player_name", *TARGETS, "fallback")
    if as_json:
        print_json({"date": f"{day:%Y-%m-%d}", "source": warehouse.source, "predictions": shown.to_dicts()})
        return
    print_table(f"{day:%Y-%m-%d} ({warehouse.source}), if they play", shown.drop("player_id").to_dicts())


@click.command()
def register() -> None:
    """Make the meta-learner in use a points model of the experiments: predicted daily, graded, compared like any other.

    \b
    Example:
      nba windows register && nba experiment run --date 2022-11-05

    \b
    Exit codes: 0 registered; 1 refused, with the reason; 2 there is none, or it is damaged.
    """
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.orchestration.window_points import register_meta

    with told(), plain_errors(ArtifactError):
        model_id = register_meta(open_warehouse(), open_database())
    console.print(f"{model_id} is registered: nba experiment models", highlight=False)
