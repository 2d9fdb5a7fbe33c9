"""What holds when a variable is left out, for each source, and what is refused."""

import subprocess
from pathlib import Path

import pytest
from pydantic import ValidationError

from nba_pipeline.settings import USUAL_PRICES, USUAL_SEASONS, Settings, Source

ROOT = Path(__file__).resolve().parents[1]
WRONG_PRICES = ("cheap", "[1]", '{"tpu": 1}', '{"cpu": -1}', '{"cpu": NaN}')


def test_without_any_variable_a_league_is_simulated():
    settings = Settings()
    assert (settings.source, settings.seasons, settings.league_seed) == ("simulated", "2020-21:2022-23", 1)


@pytest.mark.parametrize("source", ["simulated", "archive"])
def test_each_source_has_its_usual_seasons(source: Source):
    assert Settings(source=source).seasons == USUAL_SEASONS[source]
    assert Settings(source=source, seasons="2019-20").seasons == "2019-20"


def test_real_and_simulated_data_share_no_folder(tmp_path: Path):
    real, simulated = Settings(source="archive", data_dir=tmp_path), Settings(source="simulated", data_dir=tmp_path)
    assert (real.source_dir, real.raw_dir) == (tmp_path, tmp_path / "raw")
    assert (simulated.source_dir, simulated.raw_dir) == (tmp_path / "simulated", tmp_path / "simulated" / "raw")
    assert Settings(source="archive", data_dir=tmp_path, archive_dir=tmp_path / "other").raw_dir == tmp_path / "other"


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch):
    for name in ("SOURCE", "ARCHIVE_DIR", "SEASONS", "EPOCHS", "DEVICE", "DATA_DIR", "LEAGUE_SEED", "BUDGET", "PRICES"):
        monkeypatch.setenv(f"NBA_{name}", "")
    with_empty = Settings()
    monkeypatch.undo()
    assert with_empty == Settings()


def test_an_archive_is_refused_where_a_league_is_simulated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("NBA_ARCHIVE_DIR", str(tmp_path))
    with pytest.raises(ValidationError, match=r"NBA_SOURCE=archive \(make run SOURCE=archive ARCHIVE=…\).*unset NBA_ARCHIVE_DIR"):
        Settings()
    monkeypatch.setenv("NBA_SOURCE", "archive")
    assert Settings().raw_dir == tmp_path


def test_a_price_replaces_the_usual_one_of_its_device(monkeypatch: pytest.MonkeyPatch):
    assert (Settings().budget, Settings().prices) == (None, USUAL_PRICES)
    monkeypatch.setenv("NBA_PRICES", '{"cuda": 3}')
    monkeypatch.setenv("NBA_BUDGET", "0")
    assert (Settings().budget, Settings().prices) == (0.0, USUAL_PRICES | {"cuda": 3.0})


@pytest.mark.parametrize("name, value", [("BUDGET", "-1"), ("BUDGET", "nan"), *(("PRICES", text) for text in WRONG_PRICES)])
def test_what_is_no_budget_and_no_price_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    monkeypatch.setenv(f"NBA_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_make_help_shows_what_holds():
    page = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    lines = {words[0]: line for line in page.splitlines() if (words := line.split())}
    assert f"{Settings().source}:" in lines["SOURCE"] and str(Settings().epochs) in lines["EPOCHS"]
    assert f"{USUAL_SEASONS['simulated']} simulated, {USUAL_SEASONS['archive']} of an archive" in lines["SEASONS"]
