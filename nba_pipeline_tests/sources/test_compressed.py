import io
import lzma
import tarfile
from pathlib import Path

import pytest

from nba_pipeline.sources.compressed import ArchiveError, read_compressed

CONTENT = b"A,B\n" + b"1,2\n" * 50_000


def tar_of(path: Path, content: bytes) -> Path:
    with tarfile.open(path, "w:xz") as archive:
        folder = tarfile.TarInfo("inside")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        member = tarfile.TarInfo("inside/plays.csv")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return path


def xz_of(path: Path, content: bytes) -> Path:
    path.write_bytes(lzma.compress(content))
    return path


MAKERS = [pytest.param(tar_of, "plays.tar.xz", id="tar"), pytest.param(xz_of, "plays.csv.xz", id="csv")]


@pytest.mark.parametrize(("make", "name"), MAKERS)
def test_gives_the_bytes_inside(tmp_path: Path, make, name: str) -> None:
    assert read_compressed(make(tmp_path / name, CONTENT)) == CONTENT


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize(("make", "name"), MAKERS)
def test_a_file_cut_short_is_named(tmp_path: Path, make, name: str, share: float) -> None:
    path = make(tmp_path / name, CONTENT)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ArchiveError, match=rf"{name}: .*; fetch the file again"):
        read_compressed(path)


def test_a_member_cut_short_inside_a_whole_stream_is_named(tmp_path: Path) -> None:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        member = tarfile.TarInfo("plays.csv")
        member.size = len(CONTENT)
        archive.addfile(member, io.BytesIO(CONTENT))
    path = tmp_path / "plays.tar.xz"
    path.write_bytes(lzma.compress(plain.getvalue()[: len(CONTENT) // 2]))
    with pytest.raises(ArchiveError, match="truncated or damaged"):
        read_compressed(path)


@pytest.mark.parametrize(("make", "name"), MAKERS)
def test_damage_in_the_middle_is_named(tmp_path: Path, make, name: str) -> None:
    path = make(tmp_path / name, CONTENT)
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    path.write_bytes(damaged)
    with pytest.raises(ArchiveError, match="truncated or damaged"):
        read_compressed(path)


@pytest.mark.parametrize(("make", "name"), MAKERS)
def test_an_empty_file_and_an_absent_file_are_named(tmp_path: Path, make, name: str) -> None:
    with pytest.raises(ArchiveError, match="no such file; point NBA_ARCHIVE_DIR"):
        read_compressed(tmp_path / name)
    with pytest.raises(ArchiveError, match="empty file"):
        read_compressed(make(tmp_path / name, b""))
