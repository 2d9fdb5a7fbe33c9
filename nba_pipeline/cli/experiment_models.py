"""`nba experiment models`, `register`, `enable`, `disable`, `publish`: what is in the registry."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from nba_pipeline.cli.experiment_options import DAY, open_database, open_warehouse, told
from nba_pipeline.cli.output import console, json_option, print_json, print_table

FORMATS = {".cbm": ("catboost", "cbm"), ".txt": ("lightgbm", "txt"), ".ubj": ("xgboost", "ubj"), ".json": ("xgboost", "json")}


@click.command()
@json_option
def models(as_json: bool) -> None:
    """Every model, enabled or not.

    \b
    Example:
      nba experiment models --json | jq '.[] | select(.is_production)'
    """
    from nba_pipeline.experiments.model_row import model_rows

    with told(), open_database().reading() as connection:
        rows = [dict(row.__dict__) for row in model_rows(connection)]
    shown = (
        "model_id",
        "model_type",
        "feature_version",
        "training_end_date",
        "test_mae",
        "test_rows",
        "enabled",
        "is_production",
        "is_baseline",
    )
    print_json(rows) if as_json else print_table(
        "Models", [{name: row[name] for name in shown} for row in rows], "none: nba experiment train"
    )


@click.command()
@click.argument("model_id")
@click.argument("path")
@click.option("--type", "model_type", help="catboost, xgboost, lightgbm or ewma; by the file's ending when not given.")
@click.option("--trained-from", type=DAY, help="First date it has learned from.")
@click.option("--trained-through", type=DAY, help="Last date it has learned from; nothing of it or before is predicted.")
@click.option("--features", "feature_version", default="v1_36features", show_default=True, help="The set it was trained on.")
@click.option("--feature-count", type=int, help="How many it takes; all of the set when not given.")
@click.option("--name", help="Name shared by its versions.")
@click.option("--version", "model_version", default="1", show_default=True)
@click.option("--notes", help="Anything people should know.")
def register(
    model_id: str,
    path: str,
    model_type: str | None,
    trained_from: datetime | None,
    trained_through: datetime | None,
    feature_version: str,
    feature_count: int | None,
    name: str | None,
    model_version: str,
    notes: str | None,
) -> None:
    """Add a model under MODEL_ID from PATH: in the data folder, absolute, s3://… or gs://….

    It is hashed and loaded first; what cannot be loaded is not registered. One SQL INSERT does the same (docs/experiments.md).

    \b
    Examples:
      nba experiment register mine-1 models/points/mine.txt --trained-through 2021-05-16
      nba experiment register mine-2 s3://bucket/mine.cbm --trained-through 2021-05-16

    \b
    Exit codes: 0 registered; 1 refused, with the reason.
    """
    from nba_pipeline.experiments.loaders import ModelShelf
    from nba_pipeline.experiments.model_files import read_model_file
    from nba_pipeline.experiments.model_row import ModelRow
    from nba_pipeline.experiments.registry import register as add
    from nba_pipeline.features.player_form import FEATURE_SETS
    from nba_pipeline.models.artifacts import sha256_bytes
    from nba_pipeline.orchestration.window_points import points_loaders

    usual, model_format = FORMATS.get(Path(path).suffix, ("", Path(path).suffix.removeprefix(".")))
    model_type = model_type or usual
    if model_type != "ewma" and trained_through is None:
        raise click.UsageError("--trained-through is needed: a model is never judged on what it has learned from")
    with told():
        warehouse = open_warehouse()
        row = ModelRow(
            model_id=model_id,
            model_name=name or f"{model_type}_points",
            model_type=model_type,
            model_version=model_version,
            model_path=path,
            model_format=model_format,
            feature_version=feature_version,
            feature_count=feature_count or len(FEATURE_SETS.get(feature_version, ())),
            training_start_date=trained_from and trained_from.date(),
            training_end_date=trained_through and trained_through.date(),
            sha256=sha256_bytes(read_model_file(path, warehouse.root)),
            notes=notes,
        )
        add(open_database(), ModelShelf(warehouse.root, points_loaders(warehouse)), row)
    console.print(f"{model_id} is registered and takes part in the next run", highlight=False)


def _switch(word: str, enabled: bool) -> click.Command:
    @click.argument("model_id")
    @click.option("--reason", help="For the audit.")
    def command(model_id: str, reason: str | None) -> None:
        from nba_pipeline.experiments.registry import set_enabled

        with told():
            changed = set_enabled(open_database(), model_id, enabled, reason)
        console.print(f"{model_id} is {word}d" if changed else f"{model_id} was {word}d before", highlight=False)

    about = "takes part in runs and in the leaderboard" if enabled else "stays in the registry with its predictions, and rests"
    return click.command(
        word,
        help=f"{word.capitalize()} MODEL_ID: it {about}.\n\n"
        "Exit codes: 0 done; 1 refused (the production model cannot rest); 2 no such model.",
    )(command)


enable, disable = _switch("enable", True), _switch("disable", False)


@click.command()
@click.argument("model_id")
@click.argument("folder")
def publish(model_id: str, folder: str) -> None:
    """Copy MODEL_ID's file to FOLDER (s3://bucket/prefix, gs://…, or a folder), check it there, and point the registry to it.

    \b
    Example:
      nba experiment publish lightgbm-2020-21-1a2b3c4d s3://models/points

    \b
    Exit codes: 0 published; 1 refused or unreachable, and the registry is as it was; 2 no such model.
    """
    from nba_pipeline.experiments.loaders import ModelShelf
    from nba_pipeline.experiments.publishing import publish as copy
    from nba_pipeline.orchestration.window_points import points_loaders

    with told():
        warehouse = open_warehouse()
        address = copy(open_database(), ModelShelf(warehouse.root, points_loaders(warehouse)), model_id, folder)
    console.print(f"{model_id} is read from {address}", highlight=False, soft_wrap=True)


MODEL_COMMANDS: tuple[Any, ...] = (models, register, enable, disable, publish)
