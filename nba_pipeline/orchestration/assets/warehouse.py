"""Raw rows to clean tables, one season partition at a time. What the tables mean is `warehouse`'s; here they are wired."""

from typing import Any

import dagster as dg
import polars as pl

from nba_pipeline.league.seasons import Season
from nba_pipeline.orchestration.code_versions import code_version
from nba_pipeline.orchestration.metadata import frame_metadata
from nba_pipeline.orchestration.partitions import ONE_RUN, SEASON_PARTITIONS, chosen_seasons
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.orchestration.tables import TableEvents, TableWriter, schema_spec
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.sources.layout import AVAILABILITY, BETTING_LINES, PLAYS, PROP_LINES, SHOTS, TEAM_LOG, Dataset
from nba_pipeline.warehouse.availability import build_availability
from nba_pipeline.warehouse.betting_lines import build_betting_lines
from nba_pipeline.warehouse.games import build_games, build_games_from_player_log, unplayed_games
from nba_pipeline.warehouse.player_game_stats import build_player_game_stats
from nba_pipeline.warehouse.player_prop_lines import build_player_prop_lines, known_people, unmatched_names
from nba_pipeline.warehouse.players import build_players
from nba_pipeline.warehouse.plays import build_plays
from nba_pipeline.warehouse.shots import build_shots
from nba_pipeline.warehouse.stints import build_stints

COMMON: dict[str, Any] = {"group_name": "warehouse", "owners": ["team:data"], "backfill_policy": ONE_RUN}
KINDS = {"polars", "parquet"}


def _table(name: str, deps: list[Any], *, partitioned: bool = True) -> dict[str, Any]:
    return COMMON | {
        "name": name,
        "deps": deps,
        "kinds": KINDS,
        "partitions_def": SEASON_PARTITIONS if partitioned else None,
        "check_specs": [schema_spec(name)],
        "code_version": _version(name),
    }


def _version(name: str) -> str:
    return code_version(f"nba_pipeline.warehouse.{name}", "nba_pipeline.warehouse.schemas")


@dg.asset(**_table("games", deps=["raw_archive"]))
def games(context: dg.AssetExecutionContext, store: StoreResource) -> TableEvents:
    """One row per game that was played or is still to come; a cancelled game has none and is named in the metadata."""
    writer, archive, unplayed = TableWriter(store), store.archive, []
    for season in chosen_seasons(context):
        with_plays = archive.game_ids_with_plays(season)
        if archive.has(TEAM_LOG.name, season):
            log = archive.team_log(season)
            unplayed.append(unplayed_games(log))
            writer.put("games", build_games(log, with_plays), season)
        else:
            writer.put(
                "games", build_games_from_player_log(archive.player_log(season), with_plays), season, "from the player log: no team log"
            )
    missing = pl.concat(unplayed) if unplayed else pl.DataFrame()
    yield from writer.events({"unplayed": dg.MetadataValue.int(missing.height), "unplayed_games": frame_metadata(missing)})


@dg.asset(**_table("player_game_stats", deps=["raw_archive"]))
def player_game_stats(context: dg.AssetExecutionContext, store: StoreResource) -> TableEvents:
    """The box line of every player who played."""
    writer = TableWriter(store)
    for season in chosen_seasons(context):
        writer.put("player_game_stats", build_player_game_stats(store.archive.player_log(season)), season)
    yield from writer.events()


@dg.asset(**_table("players", deps=["raw_archive"], partitioned=False))
def players(store: StoreResource) -> TableEvents:
    """Position, height, weight and birth date of every player."""
    writer = TableWriter(store)
    writer.put("players", build_players(store.archive.player_index()))
    yield from writer.events()


@dg.asset(**_table("betting_lines", deps=["raw_archive", "games"]))
def betting_lines(context: dg.AssetExecutionContext, store: StoreResource) -> TableEvents:
    """The closing line of each game; empty for a season without a file."""
    writer = TableWriter(store)
    for season in chosen_seasons(context):
        raw, note = _raw(store.archive, BETTING_LINES, season)
        writer.put("betting_lines", build_betting_lines(raw, store.warehouse.read("games", [season])), season, note)
    yield from writer.events()


@dg.asset(**_table("availability", deps=["raw_archive", "games"]))
def availability(context: dg.AssetExecutionContext, store: StoreResource) -> TableEvents:
    """Who was reported out or doubtful before tip-off; empty for a season without a file."""
    writer = TableWriter(store)
    for season in chosen_seasons(context):
        raw, note = _raw(store.archive, AVAILABILITY, season)
        writer.put("availability", build_availability(raw, store.warehouse.read("games", [season])), season, note)
    yield from writer.events()


@dg.asset(**_table("player_prop_lines", deps=["raw_archive", "games", "players", "player_game_stats"]))
def player_prop_lines(context: dg.AssetExecutionContext, store: StoreResource) -> TableEvents:
    """What books offered on players' numbers, names joined to ids; empty for a season without a file."""
    writer, warehouse, unmatched = TableWriter(store), store.warehouse, []
    for season in chosen_seasons(context):
        raw, note = _raw(store.archive, PROP_LINES, season)
        box = [warehouse.read("player_game_stats", [one]) for one in warehouse.seasons("player_game_stats") if one <= season]
        people = known_people(warehouse.read("players"), box)
        lines = build_player_prop_lines(raw, warehouse.read("games", [season]), people)
        writer.put("player_prop_lines", lines, season, note)
        unmatched.append(unmatched_names(lines))
    missing = pl.concat(unmatched)
    yield from writer.events({"unmatched": dg.MetadataValue.int(missing.height), "unmatched_names": frame_metadata(missing)})


@dg.asset(**_table("shots", deps=["raw_archive"]))
def shots(context: dg.AssetExecutionContext, store: StoreResource) -> TableEvents:
    """Where field goals were tried from; empty for a season without a file."""
    writer = TableWriter(store)
    for season in chosen_seasons(context):
        raw, note = _raw(store.archive, SHOTS, season)
        writer.put("shots", build_shots(raw, season), season, note)
    yield from writer.events()


@dg.multi_asset(
    name="plays",
    specs=[
        dg.AssetSpec(
            name,
            deps=["raw_archive", "games", "player_game_stats"],
            group_name="warehouse",
            kinds=KINDS,
            owners=["team:data"],
            description=about,
            code_version=_version("plays"),
        )
        for name, about in (
            ("plays", "Every event with the score after it and the ten on court; empty for a season without a file."),
            ("lineup_flags", "What had to be inferred about who was on court, and why."),
        )
    ],
    check_specs=[schema_spec("plays"), schema_spec("lineup_flags")],
    partitions_def=SEASON_PARTITIONS,
    backfill_policy=ONE_RUN,
)
def plays(context: dg.AssetExecutionContext, store: StoreResource) -> TableEvents:
    """Plays and what was inferred about their lineups come from one walk through the substitutions."""
    writer, warehouse = TableWriter(store), store.warehouse
    for season in chosen_seasons(context):
        raw, note = _raw(store.archive, PLAYS, season)
        built = build_plays(raw, warehouse.read("games", [season]), warehouse.read("player_game_stats", [season]))
        writer.put("plays", built.plays, season, note)
        writer.put("lineup_flags", built.flags, season, note)
    yield from writer.events()


@dg.asset(**_table("stints", deps=["plays", "games"]))
def stints(context: dg.AssetExecutionContext, store: StoreResource) -> TableEvents:
    """Stretches with the same ten on court: seconds, possessions, points of each side."""
    writer, warehouse = TableWriter(store), store.warehouse
    for season in chosen_seasons(context):
        writer.put("stints", build_stints(warehouse.read("plays", [season]), warehouse.read("games", [season])), season)
    yield from writer.events()


def _raw(archive: RawArchive, dataset: Dataset, season: Season) -> tuple[pl.DataFrame, str]:
    """A season's raw rows; none, with a note that says so, where the archive has no file."""
    if archive.has(dataset.name, season):
        read = {
            PLAYS: archive.plays,
            SHOTS: archive.shots,
            BETTING_LINES: archive.betting_lines,
            AVAILABILITY: archive.availability,
            PROP_LINES: archive.prop_lines,
        }
        return read[dataset](season), ""
    schema = {column: pl.Int64 if column in dataset.ids else pl.String for column in dataset.required}
    return pl.DataFrame(schema=schema), f"no file {dataset.path(archive.root, season).name} in the archive"


WAREHOUSE_ASSETS = [games, player_game_stats, players, betting_lines, availability, player_prop_lines, shots, plays, stints]
TABLES = (
    "games", "player_game_stats", "players", "betting_lines", "availability", "player_prop_lines", "shots", "plays", "lineup_flags",
    "stints",
)  # fmt: skip
