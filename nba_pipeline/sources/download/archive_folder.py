"""The archive as a folder to fill: what in it is good, who fills it, and how a file gets its name. Fetching is `fill`'s work."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import SoftFileLock, Timeout

from nba_pipeline.sources.download import part_file
from nba_pipeline.sources.download.checksums import NAME, Checksums, sha256_of
from nba_pipeline.sources.download.completeness import problem_of
from nba_pipeline.sources.download.outcome import Outcome, WantedFile


class FolderError(RuntimeError):
    """The archive's folder cannot be read or written.

    Args:
        folder: the archive.
        error: what the system says.
    """

    def __init__(self, folder: Path, error: OSError) -> None:
        """A full disk has another remedy than a forbidden folder."""
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        remedy = "free disk space and run the same command to go on" if full else "fix its rights, or give another folder with --into"
        super().__init__(f"{folder} cannot be filled ({error}): {remedy}")


class BusyError(RuntimeError):
    """Another process fills the same folder.

    Args:
        lock: the file that says so.
        pid: the process, if the file names one.
    """

    def __init__(self, lock: Path, pid: int | None) -> None:
        """Names the process."""
        super().__init__(
            f"another download (pid {pid or 'unknown'}) is at work in {lock.parent}: wait for it; if none is, on no machine, delete {lock}"
        )


@dataclass(frozen=True)
class ArchiveFolder:
    """A folder in which a file has its name only when it is whole.

    Args:
        root: the archive.
    """

    root: Path

    @property
    def staging(self) -> Path:
        """Where files are that are not whole yet."""
        return self.root / ".download"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keeps other downloads out, and leaves only what a later one can go on from.

        A lock whose process is gone, even killed, does not count.

        Raises:
            BusyError: another download is at work here.
            FolderError: the folder cannot be read or written, here or inside the context.
        """
        lock = SoftFileLock(self.root / ".download.lock", blocking=False)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with lock, self._staged():
                yield
        except Timeout as error:
            raise BusyError(Path(lock.lock_file), lock.pid) from error
        except OSError as error:
            raise FolderError(self.root, error) from error

    def examine(self, file: WantedFile) -> Outcome | None:
        """What is there of a file; nothing if it is absent. One without a checksum, put there by hand, is read and gets one."""
        path, checksums = self.root / file.name, Checksums(self.root)
        if not path.is_file():
            return None
        found, recorded = sha256_of(path), checksums.of(file.name)
        if recorded and recorded != found:
            return _damaged(path, file, f"sha256 is {found}, {NAME} says {recorded} (if you replaced it yourself, delete that line)")
        if not recorded:
            if problem := problem_of(path, file.dataset):
                return _damaged(path, file, problem)
            checksums.record(file.name, found)
        return Outcome(file.name, "there", path.stat().st_size, found, "" if recorded else f"read in full, noted in {NAME}")

    def put(self, staged: Path, file: WantedFile) -> Outcome:
        """Gives a checked file its name, in one step, and notes its checksum."""
        sha256, checksums = sha256_of(staged), Checksums(self.root)
        checksums.forget(file.name)
        os.replace(staged, self.root / file.name)
        checksums.record(file.name, sha256)
        return Outcome(file.name, "fetched", (self.root / file.name).stat().st_size, sha256)

    @contextmanager
    def _staged(self) -> Iterator[None]:
        self.staging.mkdir(exist_ok=True)
        for left in self.staging.iterdir():
            if part_file.SUFFIX not in left.suffixes:
                left.unlink()
        try:
            yield
        finally:
            with suppress(OSError):  # not empty: a part waits for a later try
                self.staging.rmdir()


def _damaged(path: Path, file: WantedFile, problem: str) -> Outcome:
    remedy = f"nba download --seasons {file.season} --dataset {file.dataset.name} --force fetches it anew"
    return Outcome(file.name, "damaged", message=f"{path}: {problem}; {remedy}")
