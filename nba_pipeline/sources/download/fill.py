"""Fills the raw archive from the public one: what is there stays, what is missing is fetched, checked, and only then put in place.

How servers are asked is `web`'s work, going on where a transfer stopped `resumable`'s, what the public archive has `archive_index`'s.
"""

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

import pooch
import requests

from nba_pipeline.sources.download import part_file
from nba_pipeline.sources.download.archive_folder import ArchiveFolder
from nba_pipeline.sources.download.archive_index import INDEX_ADDRESS, ArchiveIndex, read_index
from nba_pipeline.sources.download.completeness import problem_of
from nba_pipeline.sources.download.outcome import Outcome, WantedFile, Watch
from nba_pipeline.sources.download.part_file import Part
from nba_pipeline.sources.download.resumable import ResumableDownloader
from nba_pipeline.sources.download.web import DownloadError, open_session


class RefusedFileError(DownloadError):
    """What was published is not what it should be; nothing of it was kept.

    Args:
        address: where it came from.
        problem: what is wrong with it.
    """

    def __init__(self, address: str, problem: str) -> None:
        """Says who can mend it."""
        super().__init__(f"{address} was refused: {problem}; try again later, or give --index of a mirror")


def download(
    files: Sequence[WantedFile], root: Path, *, index_address: str = INDEX_ADDRESS, force: bool = False, watch: Watch | None = None
) -> list[Outcome]:
    """Makes the files be in the archive, and says of each what became of it.

    Without a missing file no server is asked. A file that cannot be fetched does not keep the others from it.

    Args:
        files: what is to be there.
        root: folder of the raw archive; made if it is not there.
        index_address: the list of what is published.
        force: fetch all of them anew; what is there is replaced once the new file is checked.
        watch: is told of progress.

    Returns:
        One outcome a file, in the order of `files`.

    Raises:
        DownloadError: the index cannot be fetched.
        BusyError: another download is at work in the folder.
        FolderError: the folder cannot be written, or the disk is full.
    """
    folder, watch = ArchiveFolder(root), watch or Watch()
    with folder.alone():
        outcomes = {} if force else _examine(files, folder, watch)
        missing = [file for file in files if file not in outcomes]
        if missing:
            with open_session() as session:
                index = read_index(session, index_address)
                for file in missing:
                    outcomes[file] = _try_to_fetch(file, folder, index, session, watch)
                    watch.finished(outcomes[file])
    return [outcomes[file] for file in files]


def _examine(files: Sequence[WantedFile], folder: ArchiveFolder, watch: Watch) -> dict[WantedFile, Outcome]:
    found = {file: outcome for file in files if (outcome := folder.examine(file))}
    for outcome in found.values():
        watch.finished(outcome)
    return found


def _try_to_fetch(file: WantedFile, folder: ArchiveFolder, index: ArchiveIndex, session: requests.Session, watch: Watch) -> Outcome:
    part = Part(folder.staging / f"{file.name}{part_file.SUFFIX}")
    try:
        address = index.address_of(file.dataset, file.season)
        downloader = ResumableDownloader(session, part, partial(watch.moved, file.name))
        staged = _fetch(file.name, address, index.sha256.get(file.name), downloader, folder.staging)
        if problem := problem_of(staged, file.dataset):
            staged.unlink()
            raise RefusedFileError(address, problem)
    except DownloadError as error:
        return Outcome(file.name, "failed", message=str(error))
    return folder.put(staged, file)


def _fetch(name: str, address: str, sha256: str | None, downloader: ResumableDownloader, folder: Path) -> Path:
    """Fetches through pooch, which compares the checksum, where one was published, before the file has its name."""
    pooch.get_logger().setLevel(logging.ERROR)
    keeper = pooch.create(path=folder, base_url="", registry={name: sha256}, urls={name: address})
    try:
        return Path(keeper.fetch(name, downloader=cast(Any, downloader)))  # pooch's type for it names other arguments than pooch gives
    except ValueError as error:  # pooch's word for another checksum, with the expected and the found one
        raise RefusedFileError(address, str(error)) from error
