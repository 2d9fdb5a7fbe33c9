"""A public archive on this machine: a real HTTP server that can be slow, forgetful, or cut a connection."""

import hashlib
import io
import re
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

from nba_pipeline.sources.download.fill import download
from nba_pipeline.sources.download.outcome import Outcome, WantedFile, Watch
from nba_pipeline.sources.layout import PLAYS, SHOTS, Dataset

INDEX = "list_data.txt"
WAIT_SECONDS = 20.0

PLAYS_2018, SHOTS_2018, PLAYS_2019 = WantedFile(PLAYS, "2018-19"), WantedFile(SHOTS, "2018-19"), WantedFile(PLAYS, "2019-20")


def tar_of(dataset: Dataset, rows: int = 400, seed: int = 1, without: str = "") -> bytes:
    """A file of the archive with the columns that are read; about 300 bytes a row, which do not compress."""
    rng, columns = Random(seed), [column for column in dataset.required if column != without]
    lines = (",".join([rng.randbytes(300).hex(), *("1" for _ in columns[1:])]) for _ in range(rows))
    content = "\n".join([",".join(columns), *lines, ""]).encode()
    member, tar = tarfile.TarInfo("inside.csv"), io.BytesIO()
    member.size = len(content)
    with tarfile.open(fileobj=tar, mode="w:xz", preset=0) as archive:
        archive.addfile(member, io.BytesIO(content))
    return tar.getvalue()


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    name: str
    range_start: int | None
    if_range: str | None
    encoding: str | None


@dataclass
class ArchiveServer:
    """What is published, how the server behaves, and what it was asked.

    Attributes:
        address: of the folder.
        files: content by name; what is not here is answered 404.
        cuts: for a name, how many bytes of the body to send before the connection is closed, one entry an answer.
        statuses: for a name, answers to give instead of the file, one entry an answer.
        ranges: whether Range is understood.
        range_bytes: the most that is sent in answer to one.
        names_content: whether answers carry an ETag.
        heeds_if_range: whether a file that changed is sent whole.
        pause_after: bytes of a body after which to wait for `go_on`.
    """

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    cuts: dict[str, list[int]] = field(default_factory=dict)
    statuses: dict[str, list[int]] = field(default_factory=dict)
    ranges: bool = True
    range_bytes: int | None = None
    names_content: bool = True
    heeds_if_range: bool = True
    pause_after: int | None = None
    go_on: threading.Event = field(default_factory=threading.Event)
    asked: list[Asked] = field(default_factory=list)

    @property
    def index(self) -> str:
        return self.address + INDEX

    def publish(self, dataset: Dataset, year: int, content: bytes | None = None) -> bytes:
        """Puts a file on the server and in its index."""
        name = f"{dataset.name}_{year}"
        self.files[f"{name}.tar.xz"] = content = content if content is not None else tar_of(dataset, seed=year)
        self.files[INDEX] = self.files.get(INDEX, b"") + f"{name}={self.address}{name}.tar.xz\n".encode()
        return content

    def requests_of(self, name: str) -> list[Asked]:
        return [one for one in self.asked if one.name == name]


def fetch(server: ArchiveServer, root: Path, *files: WantedFile, force: bool = False, watch: Watch | None = None) -> list[Outcome]:
    """Downloads from it; the plays of 2018-19 if nothing is named."""
    return download(files or [PLAYS_2018], root, index_address=server.index, force=force, watch=watch)


def damaged(content: bytes) -> bytes:
    """The same with one byte changed."""
    half = len(content) // 2
    return content[:half] + bytes([content[half] ^ 0xFF]) + content[half + 1 :]


def sums(*files: Path) -> str:
    """What `sha256sum` would write of them."""
    return "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)


def names(root: Path) -> set[str]:
    """Everything under a folder."""
    return {path.relative_to(root).as_posix() for path in root.rglob("*")}


@contextmanager
def serving() -> Iterator[ArchiveServer]:
    """A server on a free port of 127.0.0.1, for as long as the context lasts."""
    archive = ArchiveServer()
    server = _Server(("127.0.0.1", 0), _handler(archive))
    archive.address = f"http://127.0.0.1:{server.server_address[1]}/main/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield archive
    finally:
        archive.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away, or is killed, is what tests want."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _handler(archive: ArchiveServer) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name = Path(self.path).name
            start = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            told = (self.headers.get("If-Range"), self.headers.get("Accept-Encoding"))
            archive.asked.append(Asked(name, int(start[1]) if start else None, *told))
            if archive.statuses.get(name):
                self._refuse(archive.statuses[name].pop(0))
            elif name in archive.files:
                self._answer(name, archive.files[name], int(start[1]) if start else None)
            else:
                self._refuse(404)

        def _refuse(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _answer(self, name: str, content: bytes, start: int | None) -> None:
            etag = f'"{hashlib.md5(content).hexdigest()}"'
            if not archive.ranges or (archive.heeds_if_range and self.headers.get("If-Range", etag) != etag):
                start = None
            if start is not None and start >= len(content):
                return self._refuse(416)
            self.send_response(200 if start is None else 206)
            if archive.names_content:
                self.send_header("ETag", etag)
            body = content if start is None else content[start:][: archive.range_bytes]
            if start is not None:
                self.send_header("Content-Range", f"bytes {start}-{start + len(body) - 1}/{len(content)}")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self._send(name, body)

        def _send(self, name: str, body: bytes) -> None:
            if archive.pause_after is not None and len(body) > archive.pause_after:
                self.wfile.write(body[: archive.pause_after])
                archive.go_on.wait(WAIT_SECONDS)
                body = body[archive.pause_after :]
            if archive.cuts.get(name):
                body, self.close_connection = body[: archive.cuts[name].pop(0)], True
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keeps the output of tests clean."""

    return Handler
