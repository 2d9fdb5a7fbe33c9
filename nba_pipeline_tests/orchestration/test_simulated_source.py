"""A simulated league is written where its tables are, once, and nowhere else; a start on it looks at no archive."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from rich.console import Console

from nba_pipeline.definitions import pipeline_job
from nba_pipeline.orchestration import launch
from nba_pipeline.orchestration.assets.raw import raw_archive
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.orchestration.stages import Stage
from nba_pipeline.settings import Settings
from nba_pipeline.warehouse.store import StoreError

SEASONS = "2020-21:2021-22"
Calls = list[tuple[Path, str, int]]


@pytest.fixture
def simulated_seasons(tiny_archive: Path, monkeypatch: pytest.MonkeyPatch) -> Calls:
    """What the simulator was asked for; it puts down the seasons of the tiny league."""
    calls: Calls = []

    def ensure_season(root: Path, season: str, seed: int) -> bool:
        calls.append((root, season, seed))
        root.mkdir(parents=True, exist_ok=True)
        files = [file for file in tiny_archive.iterdir() if f"_{season[:4]}." in file.name or file.name.startswith("playerindex")]
        missing = [file for file in files if not (root / file.name).exists()]
        for file in missing:
            shutil.copy(file, root)
        return bool(missing)

    monkeypatch.setattr("nba_pipeline.sources.simulator.ensure_season", ensure_season)
    return calls


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", seasons=SEASONS, league_seed=3)


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Stage, str]]:
    """Stages and fingerprints of what was started; nothing runs."""
    seen: list[tuple[Stage, str]] = []
    monkeypatch.setattr(launch, "execute", lambda stage, *given, **_: seen.append((stage, given[-1])) or launch.OK)
    return seen


def materialize(store: StoreResource, instance: dg.DagsterInstance, season: str = "2020-21") -> dg.ExecuteInProcessResult:
    return dg.materialize([raw_archive], partition_key=season, instance=instance, resources={"store": store}, raise_on_error=False)


def metadata(result: dg.ExecuteInProcessResult) -> dict[str, object]:
    (event,) = result.asset_materializations_for_node("raw_archive")
    return {name: value.value for name, value in event.metadata.items()}


def test_a_season_is_simulated_once_and_then_inventoried(settings: Settings, instance: dg.DagsterInstance, simulated_seasons: Calls):
    store = StoreResource.from_settings(settings)
    results = [materialize(store, instance) for _ in range(2)]
    assert all(result.success for result in results)
    assert simulated_seasons == [(settings.data_dir / "simulated" / "raw", "2020-21", 3)] * 2
    first, second = (metadata(result) for result in results)
    assert (first["simulated_seasons"], second["simulated_seasons"], first["league_seed"]) == (1, 0, 3)
    assert first["source"] == "simulated" and first["files"] == second["files"] == 6
    assert {file.name for file in settings.data_dir.iterdir()} == {"simulated"}, "data of the simulated league left its folder"


def test_real_data_is_inventoried_and_never_written(store: StoreResource, instance: dg.DagsterInstance, simulated_seasons: Calls):
    before = contents(Path(store.archive_dir))
    result = materialize(store, instance)
    assert result.success and simulated_seasons == [] and contents(Path(store.archive_dir)) == before
    assert "league_seed" not in metadata(result)


@pytest.fixture
def foreign(settings: Settings, tiny_archive: Path, request: pytest.FixtureRequest) -> Iterator[StoreResource]:
    """A store that must not simulate, and the proof that it did not."""
    own = StoreResource.from_settings(settings)
    before = contents(tiny_archive)
    if request.param == "link":
        Path(own.data_dir).mkdir(parents=True)
        Path(own.archive_dir).symlink_to(tiny_archive)
    changes = {
        "archive": {"source": "archive"},
        "elsewhere": {"archive_dir": str(tiny_archive)},
        "link": {},
    }[request.param]
    yield StoreResource(**{**own.model_dump(), **changes})
    assert contents(tiny_archive) == before


@pytest.mark.parametrize("foreign", ["archive", "elsewhere", "link"], indirect=True)
def test_nothing_is_simulated_into_any_other_folder(foreign: StoreResource, simulated_seasons: Calls):
    with pytest.raises(StoreError, match=r"nothing is simulated into .*NBA_SOURCE=simulated"):
        foreign.simulate("2018-19")
    assert simulated_seasons == []


def test_two_leagues_do_not_mix_in_one_folder(settings: Settings, simulated_seasons: Calls):
    StoreResource.from_settings(settings).simulate("2020-21")
    other = StoreResource.from_settings(settings.model_copy(update={"league_seed": 4}))
    with pytest.raises(StoreError, match=r"seed 3, not 4: delete that folder.*NBA_LEAGUE_SEED=3"):
        other.simulate("2020-21")
    assert len(simulated_seasons) == 1


def test_a_start_needs_no_files_and_runs_no_earlier_logs(settings: Settings, instance: dg.DagsterInstance, starts):
    assert launch.run_pipeline(settings, instance, pipeline_job, Console(quiet=True)) == launch.OK
    ((stage, inputs),) = starts
    assert stage.seasons == ("2020-21", "2021-22") and {"raw_archive", "model_version"} <= set(stage.assets)
    assert inputs


def test_a_killed_start_is_found_again_by_its_settings_and_seed(settings: Settings, instance: dg.DagsterInstance, starts):
    others = [settings, settings, settings.model_copy(update={"epochs": 3}), settings.model_copy(update={"workers": 1})]
    for one in others:
        launch.run_pipeline(one, instance, pipeline_job, Console(quiet=True))
    same, again, epochs, workers = (inputs for _, inputs in starts)
    assert same == again == workers != epochs


def test_another_seed_is_refused_before_anything_runs(settings: Settings, instance: dg.DagsterInstance, starts):
    launch.run_pipeline(settings, instance, pipeline_job, Console(quiet=True))
    console = Console(record=True, width=300, quiet=False)
    other = settings.model_copy(update={"league_seed": 4})
    assert launch.run_pipeline(other, instance, pipeline_job, console) == launch.REFUSED
    assert len(starts) == 1 and "NBA_LEAGUE_SEED=3" in console.export_text()


def contents(folder: Path) -> dict[str, bytes]:
    """Every file with its bytes."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}
