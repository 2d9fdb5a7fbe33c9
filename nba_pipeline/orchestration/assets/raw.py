"""`raw_archive`: what is in the raw archive, per season. Real files are only read, here and everywhere; a simulated league is written."""

import hashlib
from collections.abc import Sequence

import dagster as dg

from nba_pipeline.league.seasons import Season
from nba_pipeline.orchestration.code_versions import code_version
from nba_pipeline.orchestration.metadata import table_metadata
from nba_pipeline.orchestration.partitions import ONE_RUN, SEASON_PARTITIONS, chosen_seasons
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.sources.archive import ArchiveError, RawArchive, RawFile
from nba_pipeline.sources.layout import PLAYER_LOG, TEAM_LOG


@dg.asset(
    partitions_def=SEASON_PARTITIONS,
    backfill_policy=ONE_RUN,
    group_name="raw",
    kinds={"file"},
    owners=["team:data"],
    code_version=code_version("nba_pipeline.sources.layout", "nba_pipeline.sources.archive"),
)
def raw_archive(context: dg.AssetExecutionContext, store: StoreResource) -> dg.MaterializeResult:
    """Files of each season with their sizes and hashes, simulated first where the source says so; a season without any log is refused."""
    seasons = chosen_seasons(context)
    simulated = _simulate(context, store, seasons) if store.source == "simulated" else {}
    found = {season: files_of(store.archive, season) for season in seasons}
    files = [file for season_files in found.values() for file in season_files]
    return dg.MaterializeResult(
        data_version=dg.DataVersion(_digest(files)),
        metadata={
            "files": len(files),
            "bytes": sum(file.bytes for file in files),
            "archive": dg.MetadataValue.path(store.archive_dir),
            "source": store.source,
            **simulated,
            "inventory": table_metadata(
                [{"season": s, "file": f.path.name, "bytes": f.bytes, "sha256": f.sha256[:12]} for s, fs in found.items() for f in fs]
            ),
        },
    )


def files_of(archive: RawArchive, season: Season) -> list[RawFile]:
    """The season's files.

    Raises:
        ArchiveError: there is neither a team log nor a player log of the season.
    """
    if not (archive.has(TEAM_LOG.name, season) or archive.has(PLAYER_LOG.name, season)):
        raise ArchiveError(
            TEAM_LOG.path(archive.root, season),
            f"no game log of {season}",
            "put the season's files there (data/README.md lists names and sources), point NBA_ARCHIVE_DIR (make: ARCHIVE=…) at a folder "
            "that has them, or leave the season out of NBA_SEASONS",
        )
    return archive.files(season)


def _simulate(context: dg.AssetExecutionContext, store: StoreResource, seasons: Sequence[Season]) -> dict[str, int]:
    """Makes sure that the seasons are there, and says how many were not."""
    written = 0
    for season in seasons:
        new = store.simulate(season)
        written += new
        context.log.info("%s: %s, league seed %d", season, "simulated" if new else "simulated before", store.league_seed)
    return {"simulated_seasons": written, "league_seed": store.league_seed}


def _digest(files: Sequence[RawFile]) -> str:
    return hashlib.sha256("".join(file.sha256 for file in files).encode()).hexdigest()
