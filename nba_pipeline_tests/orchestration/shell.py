"""A shell in which the README's commands run, with a Dagster home and a data folder of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def make_home(folder: Path) -> Path:
    """A Dagster home configured as the project's."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "dagster_home" / "dagster.yaml", folder)
    return folder


def environment(home: Path, data: Path, archive: Path | None, **settings: str) -> dict[str, str]:
    """What the README's two exports and the settings make of an environment; without an archive the source is the simulated league."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NBA_", "DAGSTER_"))}
    return kept | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "DAGSTER_HOME": str(home),
        "DAGSTER_MODULE_NAME": "nba_pipeline.definitions",
        "NBA_DATA_DIR": str(data),
        "NBA_SOURCE": "archive" if archive else "simulated",
        "NBA_ARCHIVE_DIR": str(archive or ""),
        "COLUMNS": "200",
        "OMP_NUM_THREADS": "1",
        **settings,
    }


def run(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A command in the checkout."""
    return subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False)
