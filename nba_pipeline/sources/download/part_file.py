"""The beginning of a file on disk, and of which file it is the beginning. Fetching the rest is `resumable`'s work."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import requests

SUFFIX = ".part"


@dataclass(frozen=True)
class Origin:
    """What a server said of the file that a part belongs to.

    Attributes:
        address: where it was asked for.
        total_bytes: length of the whole file.
        etag: the server's name for this content.
        last_modified: when it says the content changed.
    """

    address: str
    total_bytes: int | None
    etag: str | None
    last_modified: str | None

    @classmethod
    def of(cls, address: str, response: requests.Response) -> "Origin":
        """Reads an answer's headers; those of a part tell the length of the whole."""
        headers = response.headers
        length = headers.get("Content-Range", "").rpartition("/")[2] or headers.get("Content-Length", "")
        known = length.isdigit() and headers.get("Content-Encoding", "identity") == "identity"
        return cls(address, int(length) if known else None, headers.get("ETag"), headers.get("Last-Modified"))

    def is_of_same_file(self, other: "Origin") -> bool:
        """Whether two answers are of one content; a part's answer may leave out what the whole one's told."""
        told = ((self.etag, other.etag), (self.last_modified, other.last_modified))
        agree = all(mine == others for mine, others in told if mine and others)
        return agree and (self.address, self.total_bytes) == (other.address, other.total_bytes)

    def range_header(self, start: int) -> dict[str, str]:
        """Asks for the rest from byte `start`, and for everything if the content changed; weak names are no proof (RFC 9110, 13.1.5)."""
        strong = self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified if not self.etag else None
        return {"Range": f"bytes={start}-", **({"If-Range": strong} if strong else {})}


@dataclass(frozen=True)
class Part:
    """The beginning of a file, and beside it, as JSON, what it is the beginning of.

    Args:
        path: where the bytes are.
    """

    path: Path

    @property
    def _origin_path(self) -> Path:
        return self.path.with_name(f"{self.path.name}.json")

    def held(self, address: str) -> tuple[Origin, int] | None:
        """Origin, and the byte to go on from, if there is a beginning of what is at this address.

        A part that is whole goes on from its last byte, so that the server is asked whether it is still the same file.
        """
        try:
            origin = Origin(**json.loads(self._origin_path.read_text()))
            size = self.path.stat().st_size
        except (FileNotFoundError, TypeError, ValueError):
            return None
        if origin.address != address or not origin.total_bytes:
            return None
        return origin, min(size, origin.total_bytes - 1)

    def begin(self, origin: Origin) -> None:
        """Forgets what there was, and notes what comes now."""
        self.discard()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._origin_path.write_text(json.dumps(asdict(origin)))
        self.path.touch()

    def open_at(self, start: int) -> IO[bytes]:
        """The file, cut to `start` bytes, for writing at its end."""
        os.truncate(self.path, start)
        return self.path.open("ab")

    def hand_over(self, target: str) -> None:
        """Moves the bytes away and forgets their origin."""
        os.replace(self.path, target)
        self.discard()

    def discard(self) -> None:
        """Removes both."""
        self.path.unlink(missing_ok=True)
        self._origin_path.unlink(missing_ok=True)
