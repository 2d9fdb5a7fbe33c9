"""The drift report of a registered version, on a league that can be broken."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.models.artifacts import read_torch
from nba_pipeline.models.registry import ModelRegistry, VersionRefusedError
from nba_pipeline.models.versions.candidates import promote, read_candidate
from nba_pipeline.prediction.monitor.drift import DriftReport, drift_report
from nba_pipeline.prediction.monitor.findings import QUESTIONS
from nba_pipeline.prediction.monitor.periods import DriftError
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.prediction.small_league import SEASONS


@pytest.fixture(scope="module")
def found(registered: Warehouse) -> DriftReport:
    return drift_report(registered)


def levels(report: DriftReport) -> dict[str, str]:
    return {one.question: one.level for one in report.findings}


def copy_of(warehouse: Warehouse, root: Path) -> Warehouse:
    """The same league; models and context may be changed."""
    copied = Warehouse(root, warehouse.source)
    copied.check_source()
    (root / "warehouse").mkdir(parents=True)
    for table in (warehouse.root / "warehouse").iterdir():
        if table.name != "context_features":
            (root / "warehouse" / table.name).symlink_to(table)
    for season in SEASONS:
        copied.write("context_features", warehouse.read("context_features", [season]), season)
    for version in (warehouse.root / "models").glob("v*"):
        shutil.copytree(version, root / "models" / version.name)
    return copied


def test_recent_games_come_after_training_and_nobody_is_alarmed(found: DriftReport):
    assert found.trained_on.games == 364 and found.recent.games == 500
    assert found.trained_on.last < found.recent.first
    assert set(levels(found)) == set(QUESTIONS) and "ERROR" not in levels(found).values()
    assert found.shifts.filter(pl.col("kind") == "inputs").height == 32
    assert set(found.scores["forecast"]) >= {"net", "elo", "rating", "home_rate", "ridge"}
    assert found.market.height and "closing_line" in set(found.market["forecast"])


def test_the_report_is_plain_data_and_always_the_same(found: DriftReport, registered: Warehouse):
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["level"] == found.level
    assert drift_report(registered).to_dict() == found.to_dict()


def test_recent_games_can_be_chosen_by_date_or_number(registered: Warehouse, found: DriftReport):
    first = found.recent.last - timedelta(days=20)
    assert drift_report(registered, since=first).recent.first >= first
    few = drift_report(registered, games=60)
    assert few.recent.games == 60 and set(levels(few).values()) == {"insufficient"}


def test_without_recent_games_the_remedy_is_named(registered: Warehouse):
    with pytest.raises(DriftError, match=r"0 completed games from 2030-01-01 on after .*--since"):
        drift_report(registered, since=date(2030, 1, 1))


def test_a_broken_input_is_at_error_and_the_forecasts_it_bends_too(registered: Warehouse, tmp_path: Path):
    """Elo in the wrong sign from the last season on, as a feature that was rewritten carelessly."""
    broken = copy_of(registered, tmp_path / "data")
    rows = broken.read("context_features", SEASONS[-1:])
    wrong = rows.with_columns(elo_diff=400 - 3 * pl.col("elo_diff"), rating_margin=20 - pl.col("rating_margin"))
    broken.write("context_features", wrong, SEASONS[-1])
    report = drift_report(broken, games=112)
    assert levels(report)["inputs"] == levels(report)["outputs"] == levels(report)["against_elo"] == "ERROR" == report.level
    message = next(one.message for one in report.findings if one.question == "inputs")
    assert "elo_diff" in message and "rating_margin" in message


def test_two_versions_are_compared_on_the_same_games(registered: Warehouse, tmp_path: Path):
    both = copy_of(registered, tmp_path / "data")
    registry = ModelRegistry(both.root / "models")
    info = registry.info("v1.0.0")
    states = registry.load_model("v1.0.0")
    states["fusion"]["skip.win_weights"] = -states["fusion"]["skip.win_weights"]  # a version that calls the loser
    registry.save_model("v1.1.0", models=states, metrics={}, config=info.config, data_range=info.data_range, source="simulated")
    report = drift_report(both, "v1.1.0", against="v1.0.0")
    assert levels(report)["against_other_version"] == "WARN" and levels(report)["against_held_out"] == "insufficient"
    losses = report.scores.filter(pl.col("metric") == "log_loss")
    assert set(losses["games"]) == {report.recent.games} and "v1.0.0" in set(losses["forecast"])


def test_a_version_with_a_planted_leak_is_refused_by_the_criteria_and_found_by_the_monitor(leaky: tuple[Warehouse, Path], tmp_path: Path):
    warehouse, candidate = leaky
    metrics = read_candidate(candidate)["metrics"]
    assert metrics["pregame/log_loss"] < metrics["market/log_loss_closing_line"] - 0.05, "the leak was not even used"
    with pytest.raises(VersionRefusedError, match="market_not_beaten") as refusal:
        promote(tmp_path / "models", candidate)
    assert [reason.split(":")[0] for reason in refusal.value.verdict.reasons] == ["market_not_beaten"]
    assert ModelRegistry(tmp_path / "models").latest() is None

    smuggled = ModelRegistry(warehouse.root / "models")  # somebody registers the nets without their held-out numbers
    facts = read_candidate(candidate)
    states = {name: read_torch(candidate / f"{name}.pt") for name in facts["files"]}
    smuggled.save_model(models=states, metrics={}, config=facts["config"], data_range=facts["data_range"], source="simulated")
    report = drift_report(warehouse)
    assert levels(report)["against_market"] == "ERROR" == report.level


def test_the_same_league_without_the_leak_is_accepted(registered: Warehouse):
    info = ModelRegistry(registered.root / "models").info()
    assert info.status == "accepted" and info.metrics is not None
    assert info.metrics["market/games"] == 544 and info.metrics["market/log_loss_minus_closing_line_high"] > 0
