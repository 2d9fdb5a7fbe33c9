"""Small files that say whose data a folder holds, so that real data and simulated leagues never mix.

What does not belong here: what is refused, and with which remedy; whoever owns the folder says that.
"""

import os
from pathlib import Path

SOURCE = "SOURCE"
"""Who filled the raw archive: every data folder and every Dagster home of ours has one."""

LEAGUE_SEED = "LEAGUE_SEED"
"""Which simulated league it is."""


def claim(folder: Path, text: str, marker: str = SOURCE) -> str:
    """Marks a folder on its first use.

    Args:
        folder: made when it is not there.
        text: what to mark it with.
        marker: name of the file.

    Returns:
        What the folder is marked with: `text`, or what an earlier use wrote.
    """
    file = folder / marker
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        aside = file.with_name(f".{marker}.{os.getpid()}.tmp")
        aside.write_text(f"{text}\n")
        os.replace(aside, file)
    return file.read_text().strip()
