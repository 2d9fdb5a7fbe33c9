"""What it takes to become production, and the trace that every change leaves."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nba_pipeline.experiments.audit import BY_HAND, pending_changes, record_hand_made
from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase, frame
from nba_pipeline.experiments.model_row import UnknownModelError
from nba_pipeline.experiments.promotion import NoProductionModelError, PromotionRefusedError, evidence, production, promote, rollback
from nba_pipeline.experiments.registry import RegistryRefusedError, set_enabled
from nba_pipeline_tests.experiments.invented_predictions import add_graded, add_model


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A baseline, a better and a worse model, one that is better but off, and one with too few days."""
    database = ExperimentsDatabase(tmp_path_factory.mktemp("filled") / "nba.duckdb")
    add_model(database, "base", is_baseline=True)
    add_graded(database, "base", 5.0)
    for model, noise, days, bias in (("better", 4.0, 30, 0.0), ("worse", 6.0, 30, 0.0), ("shifted", 1.0, 30, 2.0), ("young", 1.0, 10, 0.0)):
        add_model(database, model)
        add_graded(database, model, noise, days, bias=bias, seed=len(model))
    return database.path


@pytest.fixture
def registry(filled: Path, tmp_path: Path) -> ExperimentsDatabase:
    """A copy of it."""
    shutil.copy(filled, tmp_path / "nba.duckdb")
    return ExperimentsDatabase(tmp_path / "nba.duckdb", patience_seconds=20.0)


def audit(database: ExperimentsDatabase, field: str = "is_production") -> list[tuple]:
    with database.reading() as connection:
        rows = frame(connection, f"SELECT * FROM {SCHEMA}.ml_model_audit WHERE field = ? ORDER BY audit_id", [field])
    return rows.select("action", "model_id", "old_value", "new_value", "forced").rows()


def test_the_better_model_becomes_production(registry: ExperimentsDatabase):
    found = promote(registry, "better")
    assert found.against == "base" and found.high is not None and found.high < 0 and not found.objections
    assert production(registry).model_id == "better"
    assert audit(registry)[-1] == ("promote", "better", "false", "true", False)


@pytest.mark.parametrize(
    ("model", "why"), [("worse", "error minus that of base"), ("young", "300 graded"), ("shifted", "bias"), ("base", "minus that of base")]
)
def test_it_is_refused_with_the_figures(registry: ExperimentsDatabase, model: str, why: str):
    promote(registry, "better")
    with pytest.raises(PromotionRefusedError, match=why.replace("base", "better")):
        promote(registry, model)
    assert production(registry).model_id == "better"


def test_equal_is_not_better(registry: ExperimentsDatabase):
    add_model(registry, "twin")
    add_graded(registry, "twin", 5.0)
    assert evidence(registry, "twin").objections


def test_force_needs_a_reason_and_leaves_a_trace(registry: ExperimentsDatabase):
    with pytest.raises(PromotionRefusedError, match="--reason"):
        promote(registry, "worse", force=True)
    promote(registry, "worse", force=True, reason="the better one is ill")
    assert audit(registry)[-1] == ("promote", "worse", "false", "true", True)
    with registry.reading() as connection:
        reason = connection.execute(f"SELECT reason FROM {SCHEMA}.ml_model_audit ORDER BY audit_id DESC LIMIT 1").fetchall()[0][0]
    assert "ill" in reason and "N 900" in reason


def test_a_rollback_goes_back_and_a_second_one_undoes_it(registry: ExperimentsDatabase):
    with pytest.raises(NoProductionModelError):
        production(registry)
    with pytest.raises(PromotionRefusedError, match="no earlier"):
        rollback(registry)
    promote(registry, "base")
    promote(registry, "better")
    assert [rollback(registry), rollback(registry)] == ["base", "better"]
    assert [row for row in audit(registry) if row[0] == "rollback" and row[3] == "true"] == [
        ("rollback", "base", "false", "true", False), ("rollback", "better", "false", "true", False),
    ]  # fmt: skip


def test_after_a_flip_by_hand_a_rollback_goes_to_the_one_before_it(registry: ExperimentsDatabase):
    promote(registry, "base")
    promote(registry, "better")
    with registry.writing() as connection:
        connection.execute(f"UPDATE {SCHEMA}.ml_model_registry SET is_production = (model_id = 'worse')")
    assert rollback(registry) == "better" and production(registry).model_id == "better"
    assert (BY_HAND, "better", "true", "false", False) in audit(registry)
    assert rollback(registry) == "worse"


def test_a_disabled_model_is_not_gone_back_to(registry: ExperimentsDatabase):
    promote(registry, "base")
    promote(registry, "better")
    set_enabled(registry, "base", False, "rests")
    with pytest.raises(PromotionRefusedError, match="disabled"):
        rollback(registry)
    with pytest.raises(PromotionRefusedError, match="enable"):
        promote(registry, "base", force=True, reason="all the same")


def test_the_production_model_cannot_rest(registry: ExperimentsDatabase):
    promote(registry, "better")
    with pytest.raises(RegistryRefusedError, match="promote another"):
        set_enabled(registry, "better", False)
    assert set_enabled(registry, "worse", False) and not set_enabled(registry, "worse", False)
    with pytest.raises(UnknownModelError):
        set_enabled(registry, "nobody", True)


def test_changes_by_hand_are_found_once_and_kept_apart(registry: ExperimentsDatabase):
    promote(registry, "base")
    with registry.writing() as connection:
        connection.execute(f"UPDATE {SCHEMA}.ml_model_registry SET is_production = (model_id = 'worse')")
        connection.execute(f"DELETE FROM {SCHEMA}.ml_model_registry WHERE model_id = 'young'")
    promote(registry, "better")
    assert [row for row in audit(registry) if row[0] == BY_HAND] == [
        (BY_HAND, "base", "true", "false", False), (BY_HAND, "worse", "false", "true", False), (BY_HAND, "young", "false", None, False),
    ]  # fmt: skip
    assert audit(registry, "registered")[-1] == (BY_HAND, "young", "true", None, False)
    assert [row for row in audit(registry) if row[0] == "promote"][-1] == ("promote", "worse", "true", "false", False)
    with registry.writing() as connection:
        assert not pending_changes(connection) and not record_hand_made(connection)


WATCH = """
import sys, time
from pathlib import Path
from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase
database = ExperimentsDatabase(Path(sys.argv[1]))
while not Path(sys.argv[2]).exists():
    with database.reading() as connection:
        seen = connection.execute(f'SELECT model_id FROM {SCHEMA}.ml_model_registry WHERE is_production').fetchall()
    print(len(seen), *(model for model, in seen), flush=True)
    time.sleep(0.002)
"""


def test_nobody_ever_sees_two_production_models_or_none(registry: ExperimentsDatabase, tmp_path: Path):
    promote(registry, "base")
    words, seen = [sys.executable, "-c", WATCH, str(registry.path), str(tmp_path / "stop")], []
    flips = [("better", lambda: promote(registry, "better")), ("base", lambda: rollback(registry))]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as watcher:
        assert watcher.stdout
        seen.append(watcher.stdout.readline().split())
        for model, flip in flips * 2:
            flip()
            while seen[-1][1:] != [model]:
                seen.append(watcher.stdout.readline().split())
        (tmp_path / "stop").touch()
        seen += [line.split() for line in watcher.communicate(timeout=60)[0].splitlines()]
    assert len(seen) > 4 and {count for count, *_ in seen} == {"1"}
