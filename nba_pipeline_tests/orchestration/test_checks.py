"""Checks fail on planted bad data, and a refused candidate stops the registry in the same run."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from nba_pipeline.evaluation.criteria import CRITERIA
from nba_pipeline.orchestration.candidates import CANDIDATE, REPORT, NoCandidateError, latest_candidate
from nba_pipeline.orchestration.checks import RECONCILED, acceptance, fresh_version, no_missing_numbers, reconciliation, shots_are_current
from nba_pipeline.orchestration.metadata import number_metadata
from nba_pipeline.orchestration.resources import StoreResource

SEASON = "2020-21"
GOOD = {
    key: 0.0 if "minus" in key or "ece" in key else {"accuracy": 0.66, "margin_mae": 6.0, "total_mae": 8.0}.get(key.split("/")[1], 0.2)
    for criterion in CRITERIA
    for key in criterion.needed
} | {"pregame/games": 1000, "q3/games": 1000}


def candidate(report: dict[str, float]) -> dg.AssetsDefinition:
    """A fusion_model whose held-out numbers are these."""

    @dg.asset
    def fusion_model() -> dg.MaterializeResult:
        return dg.MaterializeResult(metadata={CANDIDATE: dg.MetadataValue.path("somewhere"), REPORT: dg.MetadataValue.json(report)})

    return fusion_model


@dg.asset(deps=["fusion_model"])
def registered() -> dg.MaterializeResult:
    return dg.MaterializeResult()


def judge(report: dict[str, float], instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    return dg.materialize([candidate(report), registered, acceptance], instance=instance, raise_on_error=False)


def failed(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckSeverity]:
    return {one.check_name: one.severity for one in result.get_asset_check_evaluations() if not one.passed}


def test_an_accepted_candidate_passes(instance: dg.DagsterInstance):
    result = judge(GOOD, instance)
    assert result.success and failed(result) == {}
    assert len(result.get_asset_check_evaluations()) == len(CRITERIA)
    assert latest_candidate(instance) == Path("somewhere")


def test_a_refused_candidate_stops_what_comes_after(instance: dg.DagsterInstance):
    result = judge(GOOD | {"pregame/log_loss": 0.7}, instance)
    assert not result.success
    assert failed(result) == {"pregame_log_loss": dg.AssetCheckSeverity.ERROR}
    assert result.asset_materializations_for_node("registered") == []


def test_with_too_few_games_the_criteria_are_only_shown(instance: dg.DagsterInstance):
    result = judge(GOOD | {"pregame/log_loss": 0.7, "pregame/games": 40}, instance)
    assert result.success and failed(result) == {"pregame_log_loss": dg.AssetCheckSeverity.WARN}
    assert len(result.asset_materializations_for_node("registered")) == 1


def test_without_a_candidate_the_registry_says_what_to_do(instance: dg.DagsterInstance):
    with pytest.raises(NoCandidateError, match="make run"):
        latest_candidate(instance)


def check_alone(check: dg.AssetChecksDefinition, store: StoreResource, *names: str) -> dict[str, dg.AssetCheckEvaluation]:
    """A check on tables that are there, with stand-ins for the assets it belongs to; answers by the name of the check."""
    return {one.check_name: one for one in evaluations(check, store, names)}


def check_of(check: dg.AssetChecksDefinition, store: StoreResource, names: Sequence[str]) -> dict[str, dg.AssetCheckEvaluation]:
    """The same where one check looks at several assets; answers by the name of the asset."""
    return {one.asset_key.to_user_string(): one for one in evaluations(check, store, names)}


def evaluations(check: dg.AssetChecksDefinition, store: StoreResource, names: Sequence[str]) -> list[dg.AssetCheckEvaluation]:
    """What a check says of assets that only stand in for the real ones."""
    stand_ins = [dg.AssetSpec(name) for name in names]
    defs = dg.Definitions(
        assets=stand_ins,
        asset_checks=[check],
        jobs=[dg.define_asset_job("checks", selection=dg.AssetSelection.all_asset_checks())],
        resources={"store": store},
    )
    result = defs.resolve_job_def("checks").execute_in_process(raise_on_error=False)
    return result.get_asset_check_evaluations()


@pytest.mark.parametrize(("value", "passes"), [(1.0, True), (float("nan"), False), (None, False)])
def test_a_missing_number_in_the_context_is_found(store: StoreResource, value: float | None, passes: bool):
    rows = pl.DataFrame({"game_id": ["a", "b"], "season": [SEASON] * 2, "home_edge": pl.Series([0.5, value], dtype=pl.Float64)})
    store.warehouse.write("context_features", rows, SEASON)
    (check,) = check_alone(no_missing_numbers, store, "context_features").values()
    assert check.passed is passes


def test_without_a_version_freshness_fails(store: StoreResource):
    (check,) = check_alone(fresh_version, store, "model_version").values()
    assert not check.passed


@pytest.mark.parametrize(("days", "passes"), [(1, True), (9, False)])
def test_an_old_version_is_not_fresh(store: StoreResource, days: int, passes: bool):
    import torch

    from nba_pipeline.models.artifacts import read_json, write_json
    from nba_pipeline.models.registry import ModelRegistry

    registry = ModelRegistry(store.models_root)
    info = registry.save_model(models={"fusion": torch.nn.Linear(1, 1)}, metrics={}, source="archive")
    metadata = store.models_root / info.version / "metadata.json"
    written = datetime.now(UTC) - timedelta(days=days)
    write_json(metadata, {**read_json(metadata), "created_at": written.isoformat()})
    (check,) = check_alone(fresh_version, store, "model_version").values()
    assert check.passed is passes


def test_reconciliation_reports_every_comparison_with_numbers(store: StoreResource, instance: dg.DagsterInstance):
    from nba_pipeline_tests.orchestration.test_tables import materialize

    assert materialize(store, instance, "games", "player_game_stats", "plays", "lineup_flags", "stints").success
    checks = check_alone(reconciliation, store, "stints")
    assert set(checks) == set(RECONCILED)
    assert checks["final_score"].passed and checks["final_score"].metadata["compared"].value > 0
    games = store.warehouse.read("games", [SEASON])
    store.warehouse.write("games", games.with_columns(home_points=pl.col("home_points") + 1), SEASON)
    assert not check_alone(reconciliation, store, "stints")["final_score"].passed


def test_a_season_without_shots_is_counted_and_only_warned_about(store: StoreResource):
    names = ("lineup_spacing", "lineup_hulls")
    for name, last in zip(names, (False, True), strict=True):
        rows = pl.DataFrame({"season": [SEASON] * 40, "fallback": [True, *[False] * 38, last]})
        store.warehouse.write(name, rows, SEASON)
        store.warehouse.write(name, rows.with_columns(season=pl.lit("2021-22"), fallback=True), "2021-22")
    spacing = check_of(shots_are_current, store, names)["lineup_spacing"]
    assert not spacing.passed and spacing.severity == dg.AssetCheckSeverity.WARN
    assert spacing.metadata["fallback_rows"].value == 41
    assert spacing.description == "2020-21: 1 of 40 on older shots; 2021-22: 40 of 40 on older shots"


def test_one_date_on_older_shots_is_no_reason_to_warn(store: StoreResource):
    names = ("lineup_spacing", "lineup_hulls")
    for name, older in zip(names, (2, 3), strict=True):
        store.warehouse.write(name, pl.DataFrame({"season": [SEASON] * 40, "fallback": [True] * older + [False] * (40 - older)}), SEASON)
    found = check_of(shots_are_current, store, names)
    assert [found[name].passed for name in names] == [True, False]


def test_numbers_that_are_not_finite_are_shown_as_text():
    shown = number_metadata({"a": 1, "b": float("nan"), "c": float("inf")})
    assert [type(value).__name__ for value in shown.values()] == ["FloatMetadataValue", "TextMetadataValue", "TextMetadataValue"]
