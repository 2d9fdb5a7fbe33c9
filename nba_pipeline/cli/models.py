"""`nba models`: tuned models and their versions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from nba_pipeline.cli.output import console, json_option, plain_errors, print_json, print_table, read_settings

if TYPE_CHECKING:
    from nba_pipeline.tuning.model_manager import ModelManager


@click.group()
def models() -> None:
    """Tuned models: what the weekly retraining trains, and every version that came of it.

    `nba tune` makes them. The game model's versions are elsewhere: nba train list.

    \b
    Examples:
      nba models list                   models, their best version, whether the weekly retraining trains them
      nba models versions elo           every version with its held-out numbers
      nba models compare elo 1 3        what changed between two
      nba models deactivate logistic    the weekly retraining leaves it alone
      nba models promote elo 2          use this version, whatever a comparison said

    \b
    Exit codes: 0 done; 1 a file is damaged or held by another process; 2 no such model or version, or wrong usage.
    """


@models.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """Every model with the version in use."""
    with _manager() as manager:
        rows = [_row(manager, row) for row in manager.list()]
    print_json(rows) if as_json else print_table("Models", rows, "none yet: nba tune elo")


@models.command()
@click.argument("name")
@json_option
def versions(name: str, as_json: bool) -> None:
    """Every version of NAME, oldest first; the numbers are of its held-out games."""
    with _manager() as manager:
        in_use, found = manager.get(name).production_version, manager.versions(name)
    if as_json:
        print_json([one.to_dict() for one in found])
        return
    print_table(f"Versions of {name}", [_version(one) | {"in use": one.version == in_use} for one in found], "none yet")


@models.command()
@click.argument("name")
@click.argument("a", type=int)
@click.argument("b", type=int)
@json_option
def compare(name: str, a: int, b: int, as_json: bool) -> None:
    """Metrics and parameters of versions A and B of NAME."""
    from dataclasses import asdict

    with _manager() as manager:
        answer = manager.compare(name, a, b)
    if as_json:
        print_json(asdict(answer))
        return
    numbers = [
        {"metric": metric, answer.a: x, answer.b: y, "difference": d} for metric, (x, y, d) in answer.metrics.items() if d is not None
    ]
    print_table("Metrics", numbers)
    print_table("Parameters that differ", [{"parameter": key, answer.a: x, answer.b: y} for key, (x, y) in answer.config.items()])
    if not answer.same_data:
        console.print("They learned different games: the metrics are of different games and do not compare.", style="yellow")


@models.command()
@click.argument("name")
@click.argument("version", type=int, required=False)
@json_option
def lineage(name: str, version: int | None, as_json: bool) -> None:
    """VERSION of NAME (the one in use when not given), the one in use when it was trained, and so on."""
    with _manager() as manager:
        line = manager.lineage(name, version)
    rows = [one.to_dict() for one in line] if as_json else [_version(one) for one in line]
    print_json(rows) if as_json else print_table(f"Lineage of {name}", rows)


@models.command()
@click.argument("name")
def activate(name: str) -> None:
    """The weekly retraining trains NAME."""
    with _manager() as manager:
        manager.activate(name)
    console.print(f"{name} is active: the weekly retraining trains it", highlight=False)


@models.command()
@click.argument("name")
def deactivate(name: str) -> None:
    """The weekly retraining leaves NAME alone; its versions stay."""
    with _manager() as manager:
        manager.deactivate(name)
    console.print(f"{name} is not active: the weekly retraining leaves it alone", highlight=False)


@models.command()
@click.argument("name")
@click.argument("version", type=int)
def promote(name: str, version: int) -> None:
    """VERSION of NAME is the one in use from now on."""
    with _manager() as manager:
        manager.promote(name, version)
    console.print(f"{name} v{version} is in use", highlight=False)


@contextmanager
def _manager() -> "Iterator[ModelManager]":
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.tuning.model_manager import ModelError, ModelManager
    from nba_pipeline.warehouse.store import StoreError, Warehouse

    settings = read_settings()
    with plain_errors(ModelError):
        try:
            yield ModelManager(Warehouse(settings.source_dir, settings.source))
        except (StoreError, ArtifactError) as error:
            raise click.ClickException(str(error)) from error


def _row(manager: "ModelManager", row: Any) -> dict[str, Any]:
    metrics = manager.version(row.name).metrics if row.production_version is not None else {}
    numbers = {name: metrics.get(name) for name in ("log_loss", "accuracy", "games")}
    facts = {"name": row.name, "class": row.model_class, "method": row.method, "active": row.is_active}
    return {**facts, "in use": f"v{row.production_version}" if row.production_version else "none", **numbers}


def _version(one: Any) -> dict[str, Any]:
    numbers = {name: one.metrics.get(name) for name in ("log_loss", "accuracy", "ece", "games")}
    params = ", ".join(f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}" for name, value in one.params.items())
    return {"version": f"v{one.version}", "trained": one.trained_at[:10], "games until": one.data_last, **numbers, "parameters": params}
