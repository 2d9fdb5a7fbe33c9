"""`nba train`: models on tables that are there, and the versions that came of it."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from nba_pipeline.cli.output import console, json_option, plain_errors, print_json, print_table, read_settings

WHAT: dict[str, tuple[str, ...]] = {
    "all": ("transformer_model", "gnn_model", "fusion_model", "model_version"),
    "transformer": ("transformer_model",),
    "gnn": ("gnn_model",),
    "fusion": ("fusion_model", "model_version"),
}


@click.group()
def train() -> None:
    """Train models, list and compare versions.

    Training materialises the same assets as the Dagster UI, on the same instance. Tables are never built here: where one is
    missing, the error says so (make run builds everything). A new version is used if the acceptance criteria accept it and it is not
    worse than the one in use on games that neither has learned; else it is registered and kept back.

    \b
    Examples:
      nba train all --epochs 20         both pre-trainings, fusion, registration
      nba train fusion                  fusion and registration, NBA_EPOCHS passes
      nba train compare v1.0.0 v1.1.0
      nba train promote v1.1.0          use this version, whatever a comparison said
    """


def _trainer(what: str) -> click.Command:
    @click.option("--epochs", type=click.IntRange(min=1), help="Most passes; NBA_EPOCHS when not given.")
    def command(epochs: int | None) -> None:
        settings = read_settings()
        from nba_pipeline.definitions import pipeline_job
        from nba_pipeline.orchestration.home import DagsterHomeError
        from nba_pipeline.orchestration.launch import dagster_instance, train_models

        start = datetime.now(UTC)
        with plain_errors(DagsterHomeError), dagster_instance(settings) as instance:
            code = train_models(WHAT[what], epochs, settings, instance, pipeline_job, console)
        print_standing(settings.source_dir / "models", start)
        sys.exit(code)

    return click.command(
        what, help=f"Materialise {', '.join(WHAT[what])}.\n\nExit codes: 0 success; 1 failed, or the version was refused."
    )(command)


for what in WHAT:
    train.add_command(_trainer(what))


@train.command("list")
@json_option
def list_versions(as_json: bool) -> None:
    """Registered versions, oldest first; `latest` is the one in use.

    \b
    Exit codes: 0 shown; 2 a version is damaged.
    """
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.models.costs.summary import eastern_text
    from nba_pipeline.models.registry import ModelRegistry

    registry = ModelRegistry(read_settings().source_dir / "models")
    with plain_errors(ArtifactError):
        latest, infos = registry.latest(), registry.list_versions()
    rows = [_summary(info) | {"latest": info.version == latest, "page": _page(registry, info)} for info in infos]
    if as_json:
        print_json([row | {"comparison": info.comparison} for row, info in zip(rows, infos, strict=True)])
        return
    shown = [row | {"created_at": eastern_text(datetime.fromisoformat(row["created_at"]))} for row in rows]
    print_table("Versions", shown, "none yet: make run, or nba train all")
    print_standing(registry.root)


@train.command("compare")
@click.argument("a")
@click.argument("b")
@json_option
def compare_versions(a: str, b: str, as_json: bool) -> None:
    """Metrics and configuration of versions A and B side by side.

    \b
    Exit codes: 0 shown; 2 one of them does not exist, or is damaged.
    """
    from dataclasses import asdict

    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.models.registry import ModelRegistry, RegistryError
    from nba_pipeline.models.versions.info import VersionError

    with plain_errors(RegistryError, VersionError, ArtifactError):
        answer = ModelRegistry(read_settings().source_dir / "models").compare_versions(a, b)
    if as_json:
        print_json(asdict(answer))
        return
    metrics = ({"metric": name, a: left, b: right, "difference": delta} for name, (left, right, delta) in answer.metrics.items())
    print_table("Metrics", list(metrics))
    print_table(
        "Configuration that differs", [{"setting": name, a: str(left), b: str(right)} for name, (left, right) in answer.config.items()]
    )
    if not answer.same_data:
        console.print(
            "They were trained and judged on different data: the metrics are of different games and do not compare.", style="yellow"
        )


@train.command("promote")
@click.argument("version")
def promote(version: str) -> None:
    """VERSION is the one in use from now on, whatever a comparison said; one that was not accepted is not.

    \b
    Exit codes: 0 done; 2 no such version, it was not accepted, or it is damaged.
    """
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.models.registry import ModelRegistry, RegistryError
    from nba_pipeline.models.versions.info import VersionError

    with plain_errors(RegistryError, VersionError, ArtifactError):
        ModelRegistry(read_settings().source_dir / "models").promote(version)
    console.print(f"{version} is in use", highlight=False)


def print_standing(models_root: Path, since: datetime | None = None) -> None:
    """Whether the newest version is in use, and why, in one line.

    Args:
        models_root: the folder of the versions.
        since: nothing is said of one that is older.
    """
    from nba_pipeline.models.artifacts import ArtifactError
    from nba_pipeline.models.registry import ModelRegistry

    registry = ModelRegistry(models_root)
    with plain_errors(ArtifactError):
        versions, latest = registry.list_versions(), registry.latest()
    if versions and (since is None or datetime.fromisoformat(versions[-1].created_at) >= since.replace(microsecond=0)):
        standing = versions[-1].standing(latest == versions[-1].version)
        console.print(f"{versions[-1].version} {standing}", markup=False, highlight=False, soft_wrap=True)


def _page(registry: Any, info: Any) -> str:
    """Where the version's page is; empty where there is none."""
    from nba_pipeline.models.versions.files import REPORT

    path = registry.root / info.version / REPORT
    return str(path) if path.exists() else ""


def _summary(info: Any) -> dict[str, Any]:
    metrics = info.metrics or {}
    numbers = {name: metrics.get(name) for name in ("log_loss", "brier_score", "accuracy")}
    return {"version": info.version, "created_at": info.created_at, "status": info.status, **numbers}
