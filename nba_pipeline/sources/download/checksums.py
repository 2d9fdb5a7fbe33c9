"""`SHA256SUMS`: which content a file had when it was put in place, as `sha256sum --check` reads it."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

NAME = "SHA256SUMS"

_LINE = re.compile(r"(?P<sha256>[0-9a-fA-F]{64}) [ *](?P<name>.+)")


def parse_checksums(text: str) -> dict[str, str]:
    """File names and their hashes, in lower case; lines of another form are passed over."""
    found = (_LINE.fullmatch(line.strip()) for line in text.splitlines())
    return {match["name"].removeprefix("./"): match["sha256"].lower() for match in found if match}


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Checksums:
    """The record of one folder, read and written anew at every question: it is short, and a killed process loses nothing.

    Args:
        folder: where the files and the record are.
    """

    folder: Path

    def of(self, name: str) -> str | None:
        """What was recorded for a file."""
        return self._read().get(name)

    def record(self, name: str, sha256: str) -> None:
        """Notes the hash of a file that is in place."""
        self._write({**self._read(), name: sha256})

    def forget(self, name: str) -> None:
        """Drops a file's record, so that a kill while the file is replaced does not leave it with another one's."""
        records = self._read()
        if records.pop(name, None):
            self._write(records)

    def _read(self) -> dict[str, str]:
        path = self.folder / NAME
        return parse_checksums(path.read_text(errors="replace")) if path.exists() else {}

    def _write(self, records: dict[str, str]) -> None:
        temporary = self.folder / f".{NAME}.{os.getpid()}.tmp"
        try:
            temporary.write_text("".join(f"{sha256}  {name}\n" for name, sha256 in sorted(records.items())))
            os.replace(temporary, self.folder / NAME)
        finally:
            temporary.unlink(missing_ok=True)
