"""The list of what the public archive holds, and where. Fetching the files is `fill`'s work."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urljoin

import requests

from nba_pipeline.league.seasons import SEASONS, Season, season_label, start_year
from nba_pipeline.sources.download import checksums
from nba_pipeline.sources.download.checksums import parse_checksums
from nba_pipeline.sources.download.web import ABSENT, AnswerError, DownloadError, fetch_text
from nba_pipeline.sources.layout import Dataset

INDEX_ADDRESS = "https://raw.githubusercontent.com/shufinskiy/nba_data/main/list_data.txt"
"""One line a file, such as `nbastats_2018=https://github.com/…/nbastats_2018.tar.xz`; playoffs are other names, `nbastats_po_2018`."""

_LINE = re.compile(r"(?P<dataset>\w+)_(?P<year>\d{4})\s*=\s*(?P<address>\S+)")
_YEARS = frozenset(start_year(season) for season in SEASONS)
_FORBIDDEN = 403
"""What some object stores answer for a file they do not have."""


class NoIndexError(DownloadError):
    """What was fetched is no list of files."""

    def __init__(self, address: str) -> None:
        """Shows how a line looks."""
        super().__init__(f"{address} lists no file (a line looks like nbastats_2018=https://…/nbastats_2018.tar.xz): give another --index")


class NotInIndexError(DownloadError):
    """A season that the archive does not have."""

    def __init__(self, index: "ArchiveIndex", dataset: str, season: Season) -> None:
        """Names those it has."""
        there = ranges(index.seasons(dataset)) or "none of it"
        super().__init__(f"no {dataset} of {season} in {index.address}, which has {there}: ask for one of these, or give another --index")


@dataclass(frozen=True)
class ArchiveIndex:
    """Where the files of the archive are.

    Attributes:
        address: of the index itself.
        files: address of a file, by dataset and season.
        sha256: what a file's content must hash to, by its name; empty where nobody published any.
    """

    address: str
    files: Mapping[tuple[str, Season], str]
    sha256: Mapping[str, str]

    def seasons(self, dataset: str) -> tuple[Season, ...]:
        """Seasons of a dataset, in time order."""
        return tuple(sorted((season for name, season in self.files if name == dataset), key=start_year))

    def address_of(self, dataset: Dataset, season: Season) -> str:
        """Where a file is.

        Raises:
            NotInIndexError: the archive has no such season.
        """
        if (dataset.name, season) not in self.files:
            raise NotInIndexError(self, dataset.name, season)
        return self.files[dataset.name, season]


def read_index(session: requests.Session, address: str) -> ArchiveIndex:
    """Fetches the list, and the `SHA256SUMS` in the same folder if there is one.

    Raises:
        DownloadError: the list cannot be fetched, or is none.
    """
    files = parse_index(fetch_text(session, address), address)
    if not files:
        raise NoIndexError(address)
    return ArchiveIndex(address, files, _published_checksums(session, urljoin(address, checksums.NAME)))


def parse_index(text: str, address: str) -> dict[tuple[str, Season], str]:
    """Addresses by dataset and season; relative ones are taken from the index's own. Lines that name no season's file are passed over."""
    found = (_LINE.fullmatch(line.strip()) for line in text.splitlines())
    lines = (match for match in found if match and int(match["year"]) in _YEARS)
    return {(match["dataset"], season_label(int(match["year"]))): urljoin(address, match["address"]) for match in lines}


def ranges(seasons: Iterable[Season]) -> str:
    """Seasons as `--seasons` takes them: `1996-97:2019-20,2021-22`."""
    years = sorted(start_year(season) for season in seasons)
    breaks = [late for early, late in pairwise(years) if late > early + 1]
    starts, ends = years[:1] + breaks, [max(year for year in years if year < late) for late in breaks] + years[-1:]
    pairs = zip(starts, ends, strict=True)
    return ",".join(season_label(first) if first == last else f"{season_label(first)}:{season_label(last)}" for first, last in pairs)


def _published_checksums(session: requests.Session, address: str) -> dict[str, str]:
    try:
        found = parse_checksums(fetch_text(session, address))
    except AnswerError as error:
        if error.status in (*ABSENT, _FORBIDDEN):
            return {}
        raise
    return {name.rpartition("/")[2]: sha256 for name, sha256 in found.items()}
