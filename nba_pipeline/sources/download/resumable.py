"""A file over HTTP that goes on where it stopped, in this process or in a later one.

Whether the file is what it should be is `completeness`'s and pooch's work.
"""

import os
import re
import time
from collections.abc import Callable

import requests

from nba_pipeline.sources.download import web
from nba_pipeline.sources.download.part_file import Origin, Part
from nba_pipeline.sources.download.web import AnswerError, DownloadError, answer, network_reason

CHUNK_BYTES = 1 << 14

Report = Callable[[int, int | None], None]
"""Told how many bytes are there, and how many it will be (unknown: None)."""


class CutOffError(DownloadError):
    """The connection broke in the middle of a file, as often as it was tried.

    Args:
        address: the file.
        reason: what the network said last.
        kept_bytes: what is on disk.
    """

    def __init__(self, address: str, reason: str, kept_bytes: int) -> None:
        """Says that nothing is lost."""
        super().__init__(f"{address} was cut off ({reason}): {kept_bytes:,} bytes are kept, run the same command to go on from there")


class _Cut(Exception):
    """The connection broke in the middle; another try may go on."""


class ResumableDownloader:
    """Fetches one file for pooch, from where an earlier try stopped if the server still has the same file.

    Args:
        session: how servers are asked.
        part: where the bytes grow; left in place when a try fails or the process is killed.
        report: told of every chunk.
    """

    def __init__(self, session: requests.Session, part: Part, report: Report) -> None:
        self._session, self._part, self._report = session, part, report

    def __call__(self, url: str, output_file: str, pooch: object = None, *, check_only: bool | None = None) -> None:
        """Puts the file at `url` into `output_file`; pooch's contract for a downloader.

        Raises:
            DownloadError: it could not be fetched; what came is kept.
            OSError: it could not be written.
        """
        reason = ""
        for attempt in range(web.ATTEMPTS):
            time.sleep(web.PAUSE_SECONDS * 2 ** (attempt - 1) if attempt else 0)
            try:
                self._transfer(url)
            except _Cut as cut:
                reason = str(cut)
            else:
                return self._part.hand_over(output_file)
        raise CutOffError(url, reason, self._part.path.stat().st_size)

    def _transfer(self, address: str) -> None:
        held = self._part.held(address)
        with answer(self._session, address, held[0].range_header(held[1]) if held else None) as response:
            origin = Origin.of(address, response)
            if held and _continues(response, held[1]) and origin.is_of_same_file(held[0]):
                return self._append(response, origin.total_bytes, held[1])
            if response.status_code == requests.codes.ok:
                self._part.begin(origin)
                return self._append(response, origin.total_bytes, 0)
            if not held or response.status_code not in (requests.codes.partial, requests.codes.requested_range_not_satisfiable):
                raise AnswerError(response)
        self._part.discard()
        self._transfer(address)

    def _append(self, response: requests.Response, total_bytes: int | None, start: int) -> None:
        done = start
        with self._part.open_at(start) as file:
            self._report(done, total_bytes)
            try:
                for chunk in response.iter_content(CHUNK_BYTES):
                    file.write(chunk)
                    done += len(chunk)
                    self._report(done, total_bytes)
            except requests.RequestException as error:
                raise _Cut(network_reason(error)) from error
            file.flush()
            os.fsync(file.fileno())
        if total_bytes is not None and done != total_bytes:
            raise _Cut(f"{done:,} of {total_bytes:,} bytes came")


def _continues(response: requests.Response, start: int) -> bool:
    begins = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return response.status_code == requests.codes.partial and begins is not None and int(begins[1]) == start
