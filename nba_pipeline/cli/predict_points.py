"""`nba predict-points`: the production consumer."""

from datetime import datetime

import click

from nba_pipeline.cli.experiment_options import DAY, open_warehouse, told
from nba_pipeline.cli.output import json_option, print_json, print_table

SHOWN = ("game_id", "player_lookup", "predicted_points", "betting_line", "p_play", "expected_minutes")


@click.command("predict-points")
@click.option("--date", "day", type=DAY, required=True, help="Date of games, Eastern, such as 2022-11-05.")
@json_option
def predict_points(day: datetime, as_json: bool) -> None:
    """Points of every candidate of a date by the production model of this moment.

    Nothing is configured: after `nba experiment promote` or `rollback` the next call uses the other model.

    \b
    Examples:
      nba predict-points --date 2022-11-05
      nba predict-points --date 2022-11-05 --json | jq '.predictions[:5]'

    \b
    Exit codes: 0 shown; 1 the production model cannot be used; 2 no games on that date, or no production model.
    """
    from nba_pipeline.experiments.consumer import predict_points as predict
    from nba_pipeline.orchestration.window_points import points_loaders

    with told():
        warehouse = open_warehouse()
        model, rows = predict(warehouse, [day.date()], points_loaders(warehouse))
    if as_json:
        print_json({"model_id": model.model_id, "predictions": rows.to_dicts()})
        return
    print_table(f"{model.model_id}, lineups projected", rows.select(SHOWN).to_dicts())
