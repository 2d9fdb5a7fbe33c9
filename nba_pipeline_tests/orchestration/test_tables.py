"""Bad data stops at the table it would have spoilt: the check names the rows, the old file stays, nothing after it runs."""

import lzma
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from nba_pipeline.orchestration.assets.raw import raw_archive
from nba_pipeline.orchestration.assets.warehouse import WAREHOUSE_ASSETS
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.orchestration.tables import TableEvents, TableWriter, schema_spec
from nba_pipeline.sources.layout import AVAILABILITY, BETTING_LINES, PLAYS, SHOTS, TEAM_LOG
from nba_pipeline.warehouse.schemas import SCHEMAS

SEASON = "2020-21"
TABLES = [raw_archive, *WAREHOUSE_ASSETS]


def materialize(store: StoreResource, instance: dg.DagsterInstance, *names: str) -> dg.ExecuteInProcessResult:
    """The named tables of one season."""
    return dg.materialize(
        TABLES, selection=list(names), partition_key=SEASON, instance=instance, resources={"store": store}, raise_on_error=False
    )


def cause(result: dg.ExecuteInProcessResult, step: str) -> str:
    """What a failed step raised."""
    return result.failure_data_for_node(step).error.cause.message


def raw_file(store: StoreResource, dataset) -> Path:
    return dataset.path(Path(store.archive_dir), SEASON)


def test_the_tables_of_a_season_are_built_and_versioned(store: StoreResource, instance: dg.DagsterInstance):
    result = materialize(
        store, instance, "raw_archive", "games", "player_game_stats", "players", "plays", "lineup_flags", "stints", "shots"
    )
    assert result.success
    for table in ("games", "player_game_stats", "plays", "stints", "shots"):
        (event,) = result.asset_materializations_for_node(table)[:1]
        metadata = event.metadata
        assert metadata["rows"].value == store.warehouse.read(table, [SEASON]).height > 0
        assert metadata["seasons"].records[0].data["season"] == SEASON
    assert all(check.passed for check in result.get_asset_check_evaluations())


def test_the_same_season_twice_has_the_same_data_version(store: StoreResource, instance: dg.DagsterInstance):
    versions = [
        materialize(store, instance, "games").asset_materializations_for_node("games")[0].tags["dagster/data_version"] for _ in range(2)
    ]
    assert versions[0] == versions[1]


def test_a_truncated_file_is_named_and_nothing_is_written(store: StoreResource, instance: dg.DagsterInstance):
    assert materialize(store, instance, "games", "player_game_stats").success
    plays = raw_file(store, PLAYS)
    plays.write_bytes(plays.read_bytes()[:2000])
    result = materialize(store, instance, "plays", "lineup_flags", "stints")
    assert not result.success
    assert plays.name in cause(result, "plays")
    assert store.warehouse.seasons("plays") == store.warehouse.seasons("stints") == ()


def test_a_missing_column_is_named_and_the_old_file_stays(store: StoreResource, instance: dg.DagsterInstance):
    assert materialize(store, instance, "games").success
    before = store.warehouse.path("games", SEASON).read_bytes()
    log = raw_file(store, TEAM_LOG)
    text = lzma.decompress(log.read_bytes()).decode()
    log.write_bytes(lzma.compress(text.replace("MATCHUP", "MATCHED", 1).encode()))
    result = materialize(store, instance, "games")
    assert not result.success
    assert "MATCHUP" in cause(result, "games") and log.name in cause(result, "games")
    assert store.warehouse.path("games", SEASON).read_bytes() == before


def test_a_lineup_of_six_fails_the_blocking_check_and_leaves_the_old_file(store: StoreResource, instance: dg.DagsterInstance):
    assert materialize(store, instance, "games", "player_game_stats", "plays", "lineup_flags").success
    good, before = store.warehouse.read("plays", [SEASON]), store.warehouse.path("plays", SEASON).read_bytes()
    six = pl.concat_list(pl.col("home_lineup").arr.to_list(), pl.lit(99, pl.Int64))

    @dg.asset(name="plays", check_specs=[schema_spec("plays")])
    def spoilt(store: StoreResource) -> TableEvents:
        writer = TableWriter(store)
        writer.put("plays", good.with_columns(home_lineup=six), SEASON)
        yield from writer.events()

    @dg.asset(deps=["plays"])
    def after() -> dg.MaterializeResult:
        return dg.MaterializeResult()

    result = dg.materialize([spoilt, after], instance=instance, resources={"store": store}, raise_on_error=False)
    (check,) = result.get_asset_check_evaluations()
    assert (check.check_name, check.passed, check.blocking) == ("schema", False, True)
    assert "home_lineup" in (check.description or "")
    assert result.asset_materializations_for_node("spoilt") == [] and result.asset_materializations_for_node("after") == []
    assert store.warehouse.path("plays", SEASON).read_bytes() == before


def test_a_broken_rule_names_the_row(store: StoreResource, instance: dg.DagsterInstance):
    assert materialize(store, instance, "games").success
    good = store.warehouse.read("games", [SEASON])
    wrong = good.with_columns(margin=pl.when(pl.int_range(pl.len()) == 3).then(pl.col("margin") + 1).otherwise("margin"))
    writer = TableWriter(store)
    writer.put("games", wrong, SEASON)
    events = writer.events()
    verdict = next(events)
    assert isinstance(verdict, dg.AssetCheckResult) and not verdict.passed
    assert good["game_id"][3] in (verdict.description or "")
    with pytest.raises(dg.Failure, match="left as they are"):
        next(events)


DATASETS_OF_TABLES = [(PLAYS, "plays"), (SHOTS, "shots"), (BETTING_LINES, "betting_lines"), (AVAILABILITY, "availability")]


@pytest.mark.parametrize(("dataset", "table"), DATASETS_OF_TABLES)
def test_a_season_without_a_file_is_empty_and_says_so(store: StoreResource, instance: dg.DagsterInstance, dataset, table: str):
    raw_file(store, dataset).unlink(missing_ok=True)
    names = {"plays": ("plays", "lineup_flags", "stints")}.get(table, (table,))
    result = materialize(store, instance, "games", "player_game_stats", *names)
    assert result.success
    for name in names:
        assert store.warehouse.read(name, [SEASON]).is_empty()
        assert set(SCHEMAS[name].columns) <= set(store.warehouse.read(name, [SEASON]).columns)
    (event,) = [one for one in result.asset_materializations_for_node(table) if one.asset_key.to_user_string() == table]
    assert raw_file(store, dataset).name in event.metadata["seasons"].records[0].data["note"]


def test_a_season_without_any_log_is_refused_with_the_remedy(store: StoreResource, instance: dg.DagsterInstance):
    for file in Path(store.archive_dir).glob("leaguegamelog_*_2020*"):
        file.unlink()
    result = materialize(store, instance, "raw_archive")
    assert not result.success
    assert "NBA_ARCHIVE_DIR" in cause(result, "raw_archive")
