"""What a download is asked for, and what it says of it. Doing it is `fill`'s work."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nba_pipeline.league.seasons import Season
from nba_pipeline.sources.layout import Dataset

Status = Literal["fetched", "there", "damaged", "failed"]


@dataclass(frozen=True)
class WantedFile:
    """A file that is to be in the archive."""

    dataset: Dataset
    season: Season

    @property
    def name(self) -> str:
        """As the archive calls it."""
        return self.dataset.path(Path(), self.season).name


@dataclass(frozen=True)
class Outcome:
    """What became of a wanted file.

    Attributes:
        file: its name.
        status: `fetched`; `there` before; `damaged`: there, but not as it should be, and left alone; `failed`: could not be fetched.
        bytes: how long it is, where it is good.
        sha256: its hash, likewise.
        message: what was done, or what is wrong and what to do.
    """

    file: str
    status: Status
    bytes: int | None = None
    sha256: str | None = None
    message: str = ""

    @property
    def good(self) -> bool:
        """Whether the file can be used now."""
        return self.status in ("fetched", "there")


class Watch:
    """Is told what happens; this one does not listen."""

    def moved(self, file: str, done_bytes: int, total_bytes: int | None) -> None:
        """A file has grown; the first call says how much was there from an earlier try."""

    def finished(self, outcome: Outcome) -> None:
        """A file is done with."""
