"""`drift_report`: a version's training period against now, with a check for each question. What is asked: `prediction/monitor`."""

from datetime import date
from typing import TYPE_CHECKING

import dagster as dg

from nba_pipeline.orchestration.code_versions import code_version
from nba_pipeline.orchestration.metadata import number_metadata, table_metadata
from nba_pipeline.orchestration.partitions import ONE_RUN
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.orchestration.version_page import page_of
from nba_pipeline.prediction.monitor.findings import QUESTIONS

if TYPE_CHECKING:
    from nba_pipeline.prediction.monitor.drift import DriftReport
    from nba_pipeline.prediction.monitor.findings import Finding

DRIFT = dg.AssetKey("drift_report")


class DriftConfig(dg.Config):
    """What is compared.

    Attributes:
        version: `latest`, or a name.
        against: another version, on the same games; the version's parent when empty, `none` for none.
        since: first date of the recent games, such as 2022-10-18; the last `games` when empty.
        games: how many, without a date.
    """

    version: str = "latest"
    against: str = ""
    since: str = ""
    games: int = 500


@dg.asset(
    deps=["model_version", "games", "sequences", "lineup_graphs", "context_features", "betting_lines"],
    group_name="predictions",
    owners=["team:modelling"],
    kinds={"json"},
    backfill_policy=ONE_RUN,
    code_version=code_version("nba_pipeline.prediction.monitor.drift", "nba_pipeline.evaluation.drift"),
    check_specs=[dg.AssetCheckSpec(name, asset=DRIFT, description=about) for name, about in QUESTIONS.items()],
)
def drift_report(context: dg.AssetExecutionContext, config: DriftConfig, store: StoreResource) -> dg.MaterializeResult:
    """Inputs, forecasts and recent log loss of a version, compared with its training period, Elo, the market and its parent."""
    from nba_pipeline.models.registry import ModelRegistry
    from nba_pipeline.models.versions.notes import write_note
    from nba_pipeline.prediction.monitor.drift import drift_report as compare

    info = ModelRegistry(store.models_root).info(config.version)
    against = {"": info.parent_version, "none": None}.get(config.against, config.against)
    since = date.fromisoformat(config.since) if config.since else None
    found = compare(store.warehouse, info.version, against, since, config.games)
    path = write_note(store.models_root, "drift", info.version, found.to_dict())
    context.log.info("%s: %s", info.version, found.level)
    return dg.MaterializeResult(
        metadata={"report": dg.MetadataValue.path(str(path)), "page": page_of(context, store, info.version), **_shown(found)},
        check_results=[_check(one) for one in found.findings],
    )


def _check(finding: "Finding") -> dg.AssetCheckResult:
    serious = finding.level == "ERROR"
    return dg.AssetCheckResult(
        asset_key=DRIFT,
        check_name=finding.question,
        passed=finding.level in ("ok", "insufficient"),
        severity=dg.AssetCheckSeverity.ERROR if serious else dg.AssetCheckSeverity.WARN,
        description=finding.message,
        metadata={"level": finding.level, **({} if finding.value is None else number_metadata({"value": finding.value}))},
    )


def _shown(found: "DriftReport") -> dict[str, dg.MetadataValue]:
    moved = found.shifts.sort("psi", descending=True)
    columns = ("quantity", "psi", "psi_noise_p50", "psi_limit", "ks", "ks_limit", "ks_p_value", "level")
    losses = {row["forecast"]: row["value"] for row in found.scores.iter_rows(named=True) if row["metric"] == "log_loss"}
    return {
        "version": dg.MetadataValue.text(found.version),
        "against": dg.MetadataValue.text(found.against or "none"),
        "level": dg.MetadataValue.text(found.level),
        "trained_on": dg.MetadataValue.text(str(found.trained_on)),
        "recent": dg.MetadataValue.text(str(found.recent)),
        "source": dg.MetadataValue.text(found.source),
        **number_metadata({f"log_loss/{name}": value for name, value in losses.items()}),
        **number_metadata({f"psi/{row['quantity']}": row["psi"] for row in moved.head(5).iter_rows(named=True)}),
        "shifts": table_metadata([{name: row[name] for name in columns} for row in moved.iter_rows(named=True)]),
    }
