"""What is measured: which archive, which season of it, and where scratch tables go."""

from dataclasses import dataclass
from pathlib import Path

from nba_pipeline.league.seasons import Season
from nba_pipeline.settings import Device, Source
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.sources.layout import PLAYS, TEAM_LOG
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.tiny_league import write_archive

FIRST_LOG_SEASON: Season = "2012-13"
USUAL_SEASON: Season = "2018-19"


class NothingToMeasureError(RuntimeError):
    """The archive has no plays of the asked season; the message says what it has."""


@dataclass(frozen=True)
class Setup:
    """One run of the benchmarks.

    Attributes:
        archive_root: the raw archive.
        data_root: scratch folder for tables.
        season: the season whose plays are used.
        source: real or invented.
        repeats: of each measurement, at most.
        device: where nets train.
    """

    archive_root: Path
    data_root: Path
    season: Season
    source: Source
    repeats: int
    device: Device = "auto"

    @property
    def archive(self) -> RawArchive:
        """The raw archive."""
        return RawArchive(self.archive_root)

    @property
    def warehouse(self) -> Warehouse:
        """The scratch tables."""
        return Warehouse(self.data_root, self.source)

    @property
    def log_seasons(self) -> tuple[Season, ...]:
        """Seasons whose game logs feed the ratings, the measured one last."""
        return tuple(one for one in self.archive.seasons(TEAM_LOG.name) if FIRST_LOG_SEASON <= one <= self.season)

    @property
    def title(self) -> str:
        """The league and season, for people."""
        if self.source == "simulated":
            return f"the invented league of the tests, season {self.season} (no archive was given: figures are far from a real season's)"
        return f"the real archive, season {self.season}, game logs from {self.log_seasons[0]}"


def choose(archive: Path | None, season: Season | None, scratch: Path, repeats: int, device: Device = "auto") -> Setup:
    """The given archive, or the invented league, written to `scratch`, when none is given.

    Args:
        archive: root of a raw archive.
        season: season to measure; 2018-19, or the last with plays where the archive has no 2018-19.
        scratch: an empty folder.
        repeats: of each measurement, at most.
        device: where nets train.

    Raises:
        NothingToMeasureError: the archive has no plays of the season.
    """
    root = archive or write_archive(_made(scratch / "archive"))
    there = RawArchive(root).seasons(PLAYS.name)
    chosen = season or (USUAL_SEASON if USUAL_SEASON in there else max(there, default=USUAL_SEASON))
    if chosen not in there:
        raise NothingToMeasureError(f"{root} has no plays of {chosen}: choose --season from {', '.join(there) or 'another archive'}")
    return Setup(root, scratch / "data", chosen, "archive" if archive else "simulated", repeats, device)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
