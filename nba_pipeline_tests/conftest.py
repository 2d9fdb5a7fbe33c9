"""Fixtures that several rooms share: the tiny league, the simulated one, the real archive, and tables of the first two."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings
from jaxtyping import install_import_hook

from nba_pipeline.cli import main
from nba_pipeline.settings import get_settings
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.sources.simulator.files import write_season
from nba_pipeline.sources.simulator.season import SimulatedSeason, simulate_season
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.tiny_league import write_archive
from nba_pipeline_tests.tiny_league.tables import TABLES, season_tables, write_features, write_tables

NETS = ("models.nets", "models.samples.batch", "models.training.pretraining", "windows.encoder", "windows.meta_net")
install_import_hook([f"nba_pipeline.{name}" for name in NETS], "beartype.beartype")
"""In tests, and only here, every tensor that enters or leaves a net is checked against its annotated dtype and axes."""

Typed = Callable[..., Result]
"""What is typed after `nba`, and what comes of it."""

settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")
"""A busy machine is no failure: no test asserts a time."""

ROOT = Path(__file__).resolve().parents[1]

for variable in [name for name in os.environ if name.startswith("NBA_") and name != "NBA_TEST_ARCHIVE"]:
    del os.environ[variable]  # what the shell chose for its own runs is no part of a test


@pytest.fixture(scope="session")
def tiny_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny league's raw archive: 2019-20 .. 2021-22, sixty games each. Read it, never write to it."""
    return write_archive(tmp_path_factory.mktemp("tiny_archive"))


@pytest.fixture(scope="session")
def tiny_warehouse(tiny_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Every warehouse table of the tiny league. Read it, never write to it."""
    return write_tables(tiny_archive, tmp_path_factory.mktemp("tiny_data"))


@pytest.fixture(scope="session")
def tiny_tables(tiny_warehouse: Warehouse) -> dict[str, pl.DataFrame]:
    """The same tables in memory, by name."""
    return {name: tiny_warehouse.read(name) for name in TABLES}


@pytest.fixture(scope="session")
def tiny_features(tiny_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Every warehouse and feature table of the tiny league. Read it, never write to it."""
    return write_features(write_tables(tiny_archive, tmp_path_factory.mktemp("tiny_features")))


@pytest.fixture(scope="session")
def simulated_seasons() -> list[SimulatedSeason]:
    """Three seasons of the simulated league, 2019-20 .. 2021-22, 1,230 games each, with the truth behind them."""
    return [simulate_season(season, seed=1) for season in ("2019-20", "2020-21", "2021-22")]


@pytest.fixture(scope="session")
def simulated_archive(simulated_seasons: list[SimulatedSeason], tmp_path_factory: pytest.TempPathFactory) -> RawArchive:
    """Their raw files. Read them, never write to them."""
    root = tmp_path_factory.mktemp("simulated_raw")
    for season in simulated_seasons:
        write_season(root, season)
    return RawArchive(root)


@pytest.fixture(scope="session")
def simulated_tables(simulated_seasons: list[SimulatedSeason], simulated_archive: RawArchive) -> list[dict[str, pl.DataFrame]]:
    """The warehouse tables of each, made as those of real seasons are."""
    return [season_tables(simulated_archive, season.season) for season in simulated_seasons]


@pytest.fixture(scope="session")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A small simulated league with a version v1.0.0 that was accepted on 544 games. Read it, never write to it."""
    from nba_pipeline.models.versions.candidates import promote
    from nba_pipeline_tests.prediction import small_league

    warehouse = small_league.write_league(tmp_path_factory.mktemp("small_league"))
    promote(warehouse.root / "models", small_league.train(warehouse).path)
    return warehouse


@pytest.fixture
def nba_registered(registered: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Typed]:
    """The `nba` command over that league, whose models may be written to."""
    data = tmp_path / "data" / "simulated"
    shutil.copytree(registered.root / "models", data / "models", symlinks=True)
    (data / "warehouse").symlink_to(registered.root / "warehouse")
    yield from _typed(tmp_path / "data", monkeypatch)


@pytest.fixture(scope="session")
def data_dir(tiny_features: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny league as a data folder, with a version that is not trained."""
    from nba_pipeline_tests.prediction.versions import register

    root = tmp_path_factory.mktemp("tiny_data_dir")
    shutil.copytree(tiny_features.root, root / "simulated")
    register(tiny_features, root / "simulated" / "models")
    return root


@pytest.fixture
def nba(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Typed]:
    """The `nba` command over that folder."""
    yield from _typed(data_dir, monkeypatch)


def _typed(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Typed]:
    monkeypatch.setenv("NBA_DATA_DIR", str(data_dir))
    get_settings.cache_clear()
    yield lambda *words: CliRunner().invoke(main, [str(word) for word in words])
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def leaky(registered: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, Path]:
    """The same league with tonight's result in its context, and the candidate that was trained on it."""
    from nba_pipeline_tests.prediction import small_league

    warehouse = small_league.write_leaky_league(registered, tmp_path_factory.mktemp("leaky_league"))
    return warehouse, small_league.train(warehouse).path


@pytest.fixture(scope="session")
def archive_dir() -> Path:
    """The real raw archive, where there is one."""
    folder = Path(os.environ.get("NBA_TEST_ARCHIVE", ROOT.parent / "shared" / "nba" / "archive"))
    if not (folder / "playerindex.csv.xz").is_file():
        pytest.skip(f"no real archive at {folder}: set NBA_TEST_ARCHIVE to its folder to run this test")
    return folder
