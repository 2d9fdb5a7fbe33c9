"""`nba windows predict` and `register`: the meta-learner in use."""

from datetime import datetime

import click

from nba_pipeline.cli.experiment_options import DAY, open_database, open_warehouse, told
from nba_pipeline.cli.output import console, json_option, plain_errors, print_json, print_table


@click.command()
@click.option("--date", "day", type=DAY, required=True, help="Date of games, Eastern, such as 1957-12-25; any since 1946.")
@json_option
def predict(day: datetime, as_json: bool) -> None:
    """Points, rebounds, assists and threes of everybody who may play on a date, in case he does.

    Box lines of that date and later ones are not looked at, and each window speaks as it was before that season. The meta-learner that
    weighs and corrects them is the one in use: up to the last date that it learned from, a forecast is hindsight and marked so. What
    would have been known is `nba windows backtest`.

    \b
    Examples:
      nba windows predict --date 1957-12-25
      nba windows predict --date 1957-12-25 --json | jq '.hindsight, .predictions[0]'

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
        forecaster = Forecaster(warehouse)
        rows = forecaster.predict(candidates(warehouse, day.date()))
    shown = rows.select("game_id", "team_id", "player_id", "player_name", *TARGETS, "fallback", "hindsight")
    through, hindsight = forecaster.meta.learned_through, bool(shown["hindsight"].any())
    if as_json:
        about = {"date": f"{day:%Y-%m-%d}", "source": warehouse.source, "hindsight": hindsight, "learned_through": str(through)}
        print_json({**about, "predictions": shown.to_dicts()})
        return
    in_hindsight = ", in hindsight" if hindsight else ""
    print_table(f"{day:%Y-%m-%d} ({warehouse.source}), if they play{in_hindsight}", shown.drop("player_id", "hindsight").to_dicts())
    if hindsight:
        console.print(
            f"hindsight: the meta-learner has learned from games through {through}; this is not what was known before {day:%Y-%m-%d}, "
            "nba windows backtest goes by that",
            style="yellow",
            highlight=False,
            soft_wrap=True,
        )


@click.command()
def register() -> None:
    """Make the meta-learner in use a points model of the experiments: predicted daily, graded, compared like any other.

    The experiments leave out the dates that it has learned from.

    \b
    Example:
      nba windows register && nba experiment models

    \b
    Exit codes: 0 registered; 1 refused, with the reason; 2 there is none, or it is damaged.
    """
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.orchestration.window_points import register_meta

    with told(), plain_errors(ArtifactError):
        model_id = register_meta(open_warehouse(), open_database())
    console.print(f"{model_id} is registered: nba experiment models", highlight=False)
