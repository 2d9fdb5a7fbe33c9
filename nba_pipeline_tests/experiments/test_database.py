"""What the tables make impossible, whoever writes to them."""

from pathlib import Path

import duckdb
import pytest

from nba_pipeline.experiments import database as module
from nba_pipeline.experiments.database import SCHEMA, ExperimentsDatabase, MigrationError
from nba_pipeline.experiments.model_row import UnknownModelError
from nba_pipeline.warehouse.store import StoreError, connect
from nba_pipeline_tests.experiments.invented_predictions import add_graded, add_model

MODELS = f"{SCHEMA}.ml_model_registry"
FORBIDDEN = {
    "a second production model": f"UPDATE {MODELS} SET is_production = TRUE",
    "a second baseline": f"UPDATE {MODELS} SET is_baseline = TRUE",
    "a production model that rests": f"UPDATE {MODELS} SET enabled = FALSE WHERE is_production",
    "a hash that is none": f"UPDATE {MODELS} SET sha256 = 'abc' WHERE model_id = 'a'",
    "a trained model without the day it was trained through": f"UPDATE {MODELS} SET training_end_date = NULL WHERE model_id = 'a'",
    "the same model twice": f"INSERT INTO {MODELS} SELECT * FROM {MODELS} WHERE model_id = 'a'",
    "the same prediction twice": f"""INSERT INTO {SCHEMA}.ml_model_predictions
        (model_id, player_id, game_id, player_lookup, game_date, predicted_points, lineups, source, created_at, updated_at)
        SELECT model_id, player_id, game_id, player_lookup, game_date, 1, lineups, source, created_at, updated_at
        FROM {SCHEMA}.ml_model_predictions LIMIT 1""",
    "points below zero": f"UPDATE {SCHEMA}.ml_model_predictions SET predicted_points = -1",
    "points that are no number": f"UPDATE {SCHEMA}.ml_model_predictions SET predicted_points = 'NaN'::DOUBLE",
    "another outcome of a bet": f"UPDATE {SCHEMA}.ml_model_predictions SET bet_outcome = 'MAYBE'",
}


@pytest.fixture
def filled(database: ExperimentsDatabase) -> ExperimentsDatabase:
    for model in ("a", "b"):
        add_model(database, model)
    add_graded(database, "a", 5.0, days=2)
    with database.writing() as connection:
        connection.execute(f"UPDATE {MODELS} SET is_production = TRUE WHERE model_id = 'b'")
    return database


@pytest.mark.parametrize("what", FORBIDDEN)
def test_it_is_impossible(filled: ExperimentsDatabase, what: str):
    with filled.reading() as connection:
        before = connection.execute(f"SELECT * FROM {MODELS} ORDER BY ALL").fetchall()
    with pytest.raises(duckdb.ConstraintException), filled.writing() as connection:
        connection.execute(FORBIDDEN[what])
    with filled.reading() as connection:
        assert connection.execute(f"SELECT * FROM {MODELS} ORDER BY ALL").fetchall() == before


def test_predictions_of_an_unknown_model_are_refused(filled: ExperimentsDatabase):
    with pytest.raises(UnknownModelError, match="ghost"):
        add_graded(filled, "ghost", 5.0, days=2)


def test_what_fails_halfway_leaves_nothing(filled: ExperimentsDatabase):
    with pytest.raises(RuntimeError), filled.writing() as connection:
        connection.execute(f"DELETE FROM {MODELS}")
        raise RuntimeError
    with filled.reading() as connection:
        assert connection.execute(f"SELECT count(*) FROM {MODELS}").fetchall() == [(2,)]


def test_an_applied_migration_is_not_changed(filled: ExperimentsDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for file in module.MIGRATIONS.glob("*.sql"):
        (tmp_path / file.name).write_text(file.read_text() + ("-- and more" if file.name.startswith("0002") else ""))
    monkeypatch.setattr(module, "MIGRATIONS", tmp_path)
    with pytest.raises(MigrationError, match=r"0002_model_predictions.sql"), filled.writing():
        pass


def test_a_new_migration_is_applied_by_whoever_comes_first(filled: ExperimentsDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for file in module.MIGRATIONS.glob("*.sql"):
        (tmp_path / file.name).write_text(file.read_text())
    (tmp_path / "0099_more.sql").write_text(f"CREATE TABLE {SCHEMA}.more (one INTEGER)")
    monkeypatch.setattr(module, "MIGRATIONS", tmp_path)
    with filled.reading() as connection:
        assert connection.execute(f"SELECT count(*) FROM {SCHEMA}.more").fetchall() == [(0,)]
    monkeypatch.undo()
    with pytest.raises(MigrationError, match="99"), filled.writing():
        pass


def test_a_forgotten_reader_is_named_and_waited_for(filled: ExperimentsDatabase):
    import subprocess
    import sys

    code = f"import duckdb, sys; held = duckdb.connect({str(filled.path)!r}, read_only=True); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout and reader.stdin and reader.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match="close it"), ExperimentsDatabase(filled.path, patience_seconds=0.3).writing():
            pass
        reader.stdin.close()
        with filled.writing() as connection:
            assert connection.execute("SELECT 1").fetchall() == [(1,)]


def test_the_tables_live_beside_the_views_of_the_warehouse(filled: ExperimentsDatabase):
    with connect(filled.path, write=True) as connection:
        connection.execute("CREATE OR REPLACE VIEW games AS SELECT 1 AS one")
    with filled.reading() as connection:
        assert connection.execute("SELECT * FROM games").fetchall() == [(1,)]
