"""Every training is counted once, whatever happens to it or to the file, and none starts that would pass the budget."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nba_pipeline.models.costs.table import SCHEMA, TABLE
from nba_pipeline.models.ledger import BudgetError, Ledger, LedgerError
from nba_pipeline.warehouse.store import StoreError, Warehouse, connect

PRICES = {"cpu": 3600.0, "cuda": 36000.0}
"""One and ten a second."""

WRITER = """
import sys
from pathlib import Path
from nba_pipeline.models.ledger import Ledger
from nba_pipeline.warehouse.store import Warehouse

ledger = Ledger(Warehouse(Path(sys.argv[1])), {"cpu": 1.0})
ledger.entries()
print("ready", flush=True)
input()
for part in range(int(sys.argv[3])):
    with ledger.spent(sys.argv[2], str(part)):
        pass
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(Warehouse(tmp_path / "data"), PRICES, patience_seconds=0.2)


def process(code: str, *words: str) -> subprocess.Popen[str]:
    """A Python that has said its first line, and waits for one."""
    started = subprocess.Popen([sys.executable, "-c", code, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None and started.stdout.readline()
    return started


@contextmanager
def held(ledger: Ledger) -> Iterator[int]:
    """While another process has the file open; its id."""
    holder = process("import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); input()", str(database(ledger)))
    try:
        yield holder.pid
    finally:
        holder.communicate("\n")


def database(ledger: Ledger) -> Path:
    return ledger.warehouse.root / "nba.duckdb"


def train(ledger: Ledger, asset: str = "fusion_model", part: str = "", device: str = "cpu") -> float:
    with ledger.spent(asset, part, device) as spending:
        spending.rows = 12
    return spending.cost


def test_nothing_recorded_is_an_empty_frame_and_makes_nothing(ledger: Ledger):
    entries = ledger.entries()
    assert entries.is_empty() and dict(entries.schema) == SCHEMA
    assert not ledger.warehouse.root.exists() and ledger.recently_spent() == 0


def test_a_training_is_a_row_that_sql_sees(ledger: Ledger):
    with ledger.spent("window_models", "1996-1998", "cuda") as spending:
        spending.rows = 41_000
    (entry,) = ledger.entries().to_dicts()
    assert (entry["asset"], entry["part"], entry["device"], entry["rows"]) == ("window_models", "1996-1998", "cuda", 41_000)
    assert (entry["outcome"], entry["source"], entry["started_at"].tzname()) == ("done", "archive", "UTC")
    assert entry["seconds"] == spending.seconds > 0 and entry["cost"] == spending.cost == pytest.approx(10 * spending.seconds)
    with connect(database(ledger)) as connection:
        assert connection.sql(f"SELECT asset, rows, cost FROM {TABLE}").fetchall() == [("window_models", 41_000, spending.cost)]


def test_a_training_that_fails_is_counted_and_its_error_comes_out(ledger: Ledger):
    with pytest.raises(ZeroDivisionError), ledger.spent("gnn_model"):
        _ = 1 / 0
    with pytest.raises(KeyboardInterrupt), ledger.spent("gnn_model"):
        raise KeyboardInterrupt
    entries = ledger.entries()
    assert entries["outcome"].to_list() == ["failed", "failed"] and entries["rows"].to_list() == [None, None]
    assert ledger.recently_spent() == pytest.approx(entries["cost"].sum()) and entries["cost"].min() > 0  # pyright: ignore[reportOperatorIssue]


def test_what_cannot_be_counted_does_not_start(ledger: Ledger, tmp_path: Path):
    Warehouse(tmp_path / "data", "archive").check_source()
    for wrong, error in (
        (Ledger(ledger.warehouse, {"cpu": 1.0}), LedgerError),
        (Ledger(Warehouse(tmp_path / "data", "simulated"), PRICES), StoreError),
    ):
        with pytest.raises(error, match=r"NBA_PRICES|NBA_DATA_DIR"), wrong.spent("fusion_model", device="cuda"):
            (tmp_path / "started").touch()
    assert not (tmp_path / "started").exists() and ledger.entries().is_empty()


def test_two_processes_at_once_lose_no_entry(ledger: Ledger):
    each = 8
    writers = [process(WRITER, str(ledger.warehouse.root), asset, str(each)) for asset in ("one", "two")]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0]
    entries = ledger.entries()
    assert sorted(zip(entries["asset"], entries["part"], strict=True)) == [
        (asset, str(part)) for asset in ("one", "two") for part in range(each)
    ]
    assert entries["entry_id"].n_unique() == 2 * each


def test_a_held_file_costs_no_training_and_no_entry(ledger: Ledger, caplog: pytest.LogCaptureFixture):
    train(ledger, "first")
    with held(ledger) as holder:
        with caplog.at_level(logging.WARNING):
            cost = train(ledger, "second")
        (waiting,) = (ledger.warehouse.root / TABLE).iterdir()
        assert json.loads(waiting.read_text())["cost"] == cost
        assert "waits in a file" in caplog.text and str(holder) in caplog.text
        with pytest.raises(StoreError, match="held by another process"):
            ledger.require_budget("second", [""], 10**9)
        assert ledger.require_budget("second", [""], None) == ""
    assert ledger.entries()["asset"].to_list() == ["first", "second"] and waiting.exists(), "reading moves nothing"
    train(ledger, "third")
    assert ledger.entries()["asset"].to_list() == ["first", "second", "third"] and not waiting.exists()


def test_a_training_outlives_a_ledger_that_can_be_written_nowhere(ledger: Ledger, caplog: pytest.LogCaptureFixture):
    ledger.warehouse.check_source()
    database(ledger).mkdir()
    (ledger.warehouse.root / TABLE).write_text("a file where a folder should be")
    assert train(ledger) > 0
    assert "will not be counted" in caplog.text and "fusion_model" in caplog.text


def test_an_estimate_is_the_latest_of_the_part_or_the_mean_of_the_others(ledger: Ledger):
    for part, device in (("a", "cpu"), ("a", "cuda"), ("b", "cpu")):
        train(ledger, "window_models", part, device)
    with pytest.raises(RuntimeError), ledger.spent("window_models", "b"):
        raise RuntimeError
    _, a, b, _ = ledger.entries().iter_rows(named=True)
    known = ledger.estimate("window_models", ["a", "b"])
    assert (known.known, known.unknown) == (("a", "b"), ())
    assert known.seconds == pytest.approx(a["seconds"] + b["seconds"]) and known.cost == pytest.approx(10 * a["seconds"] + b["seconds"])
    mean = ledger.estimate("window_models", ["c"])
    assert mean.known == ("c",) and mean.cost == pytest.approx(ledger.entries()["cost"][:3].mean())
    assert ledger.estimate("meta_learner", ["", "x"]).unknown == ("", "x")


def test_a_budget_stops_a_training_before_it_starts(ledger: Ledger, tmp_path: Path):
    spent = train(ledger)
    said = "fusion_model will take about .* cost about .*30 days have cost .*budget is .*Raise NBA_BUDGET, or train fewer"
    with pytest.raises(BudgetError, match=said):
        ledger.require_budget("fusion_model", [""], 1.9 * spent)
        (tmp_path / "started").touch()
    assert not (tmp_path / "started").exists()
    assert "cost about" in ledger.require_budget("fusion_model", [""], 2.1 * spent)


def test_loading_it_loads_neither_torch_nor_duckdb():
    code = "import sys, nba_pipeline.models.ledger; print([name for name in ('torch', 'duckdb', 'matplotlib') if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
