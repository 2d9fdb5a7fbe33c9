"""Compressed files to bytes, in memory; damage becomes an `ArchiveError`. What is in the bytes is not looked at here."""

import io
import lzma
import tarfile
from pathlib import Path

DOWNLOAD_AGAIN = "fetch the file again from where it came"
POINT_AT_ARCHIVE = (
    "point NBA_ARCHIVE_DIR (make: ARCHIVE=...) at the folder that has it, or leave this season out; raw_archive writes a simulated league's"
)


class ArchiveError(RuntimeError):
    """A raw file cannot be used.

    Args:
        path: the file.
        problem: what is wrong with it.
        remedy: what the reader of the message can do.
    """

    def __init__(self, path: Path, problem: str, remedy: str = DOWNLOAD_AGAIN) -> None:
        """Puts the three into one sentence."""
        super().__init__(f"{path}: {problem}; {remedy}")
        self.path = path


def read_compressed(path: Path) -> bytes:
    """The CSV inside a `.csv.xz` or `.tar.xz` (its first file).

    Raises:
        ArchiveError: the file is absent, cut short, damaged or empty.
    """
    if not path.is_file():
        raise ArchiveError(path, "no such file", POINT_AT_ARCHIVE)
    try:
        content = lzma.decompress(path.read_bytes())
        if path.name.endswith(".tar.xz"):
            content = _first_member(content)
    except (EOFError, lzma.LZMAError, tarfile.TarError) as error:
        raise ArchiveError(path, f"truncated or damaged ({error})") from error
    if not content.strip():
        raise ArchiveError(path, "empty file")
    return content


def _first_member(tar: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(tar), mode="r:") as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is not None:
                return stream.read()
    return b""
