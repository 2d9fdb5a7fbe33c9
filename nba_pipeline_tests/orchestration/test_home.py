"""Real data and the simulated league have a Dagster home each, and neither is used for the other."""

from pathlib import Path

import dagster as dg
import pytest

from nba_pipeline.orchestration.assets.raw import raw_archive
from nba_pipeline.orchestration.home import DagsterHomeError, claim_home, dagster_home
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.settings import Settings
from nba_pipeline_tests.orchestration.shell import ROOT, make_home


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the configuration, in a shell where DAGSTER_HOME is not set."""
    make_home(tmp_path / "dagster_home")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", "")
    return tmp_path


def test_each_source_has_its_own_home(checkout: Path):
    assert dagster_home(Settings(source="archive")) == checkout / "dagster_home"
    simulated = dagster_home(Settings())
    assert simulated == checkout / "data" / "simulated" / "dagster_home"
    assert (simulated / "dagster.yaml").read_bytes() == (checkout / "dagster_home" / "dagster.yaml").read_bytes()
    assert (simulated / "SOURCE").read_text() == "simulated\n"


def test_the_home_of_the_simulated_league_keeps_its_own_configuration(checkout: Path):
    configuration = dagster_home(Settings()) / "dagster.yaml"
    configuration.write_text("telemetry: {enabled: false}\n")
    assert (dagster_home(Settings()) / "dagster.yaml").read_text() == "telemetry: {enabled: false}\n"


def test_the_home_of_the_environment_is_used_as_it_is(checkout: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DAGSTER_HOME", str(make_home(checkout / "given")))
    assert dagster_home(Settings()) == checkout / "given"
    assert not (checkout / "data").exists()


@pytest.mark.parametrize(("first", "second"), [("archive", "simulated"), ("simulated", "archive")])
def test_a_home_of_another_source_is_refused_with_the_remedy(checkout: Path, monkeypatch: pytest.MonkeyPatch, first, second):
    monkeypatch.setenv("DAGSTER_HOME", str(make_home(checkout / "given")))
    assert dagster_home(Settings(source=first)) == dagster_home(Settings(source=first))
    with pytest.raises(DagsterHomeError, match=rf"source '{first}', not '{second}': unset DAGSTER_HOME .*`nba home`.*NBA_SOURCE={first}"):
        dagster_home(Settings(source=second))


def test_outside_a_checkout_it_says_where_to_start(checkout: Path):
    (checkout / "dagster_home" / "dagster.yaml").unlink()
    for source in ("archive", "simulated"):
        with pytest.raises(DagsterHomeError, match="start in the checkout"):
            dagster_home(Settings(source=source))
    assert not (checkout / "data").exists()


def test_the_home_in_the_checkout_is_of_real_data():
    with pytest.raises(DagsterHomeError):
        claim_home(ROOT / "dagster_home", "simulated")


def test_a_bare_command_does_not_record_in_a_home_of_another_source(store: StoreResource, home: Path, instance: dg.DagsterInstance):
    claim_home(home, "simulated")
    with pytest.raises(dg.DagsterResourceFunctionError) as error:
        dg.materialize([raw_archive], partition_key="2020-21", instance=instance, resources={"store": store})
    assert isinstance(error.value.__cause__, DagsterHomeError)
