"""Is a raw file whole? It must decompress to its end and hold a table with the columns that are read. Its rows are `archive`'s work."""

import csv
from pathlib import Path

from nba_pipeline.sources.compressed import DOWNLOAD_AGAIN, ArchiveError, read_compressed
from nba_pipeline.sources.layout import Dataset


def problem_of(path: Path, dataset: Dataset) -> str | None:
    """Why a file cannot be used: cut short, damaged, without rows, or without a column; nothing if it can.

    Every byte is decompressed, so that the checksums inside xz are compared; only the first line is parsed.
    """
    try:
        header, _, rows = read_compressed(path).partition(b"\n")
    except ArchiveError as error:
        return str(error).removeprefix(f"{path}: ").removesuffix(f"; {DOWNLOAD_AGAIN}")
    columns = next(csv.reader([header.decode("utf-8-sig", errors="replace").strip()]), [])
    missing = [column for column in dataset.required if column not in columns]
    if missing:
        return f"column {', '.join(missing)} is missing (it has {', '.join(columns)[:200]})"
    return None if rows[:1000].strip() else "has a header but no rows"
