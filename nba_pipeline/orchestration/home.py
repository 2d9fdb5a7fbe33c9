"""Which Dagster home runs are recorded in: real data and the simulated league have one each, and neither is used for the other.

What does not belong here: opening the instance (`launch.py`), its configuration (`dagster_home/dagster.yaml`).
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nba_pipeline.settings import Settings
from nba_pipeline.warehouse.source_marker import claim

HOME = "DAGSTER_HOME"
FOLDER, CONFIGURATION = "dagster_home", "dagster.yaml"


class DagsterHomeError(RuntimeError):
    """There is no Dagster home to record runs in, or it belongs to another source; the message says what to do."""


def dagster_home(settings: Settings) -> Path:
    """The home of `DAGSTER_HOME`; where that is not set, the one of the source, which is marked with it on first use.

    Real data has `dagster_home` of the working directory. The simulated league has a folder beside its tables, made on first
    use with a copy of the same configuration.

    Raises:
        DagsterHomeError: nothing configures the folder, it cannot be written, or it records runs of another source.
    """
    given = os.environ.get(HOME)
    home = Path(given).absolute() if given else _usual(settings)
    _require_configuration(home)
    claim_home(home, settings.source)
    return home


def claim_home(home: Path, source: str) -> None:
    """Marks a home with its source on first use.

    Raises:
        DagsterHomeError: it cannot be written, or records runs of another source.
    """
    with _written(home):
        found = claim(home, source)
    if found != source:
        raise DagsterHomeError(
            f"{home} records runs of source {found!r}, not {source!r}: unset DAGSTER_HOME (each source has a home of its own, "
            f"`nba home` makes it and prints its path), or set NBA_SOURCE={found} (make: SOURCE={found})"
        )


def _usual(settings: Settings) -> Path:
    of_real_data = Path(FOLDER).absolute()
    if settings.source == "archive":
        return of_real_data
    home = settings.source_dir / FOLDER
    if not (home / CONFIGURATION).is_file():
        _require_configuration(of_real_data)
        with _written(home):
            home.mkdir(parents=True, exist_ok=True)
            shutil.copy(of_real_data / CONFIGURATION, home)
    return home


@contextmanager
def _written(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DagsterHomeError(
            f"{home} cannot be written ({error.strerror}): set NBA_DATA_DIR or DAGSTER_HOME to a folder that can be, or fix its rights"
        ) from error


def _require_configuration(home: Path) -> None:
    if not (home / CONFIGURATION).is_file():
        raise DagsterHomeError(
            f"{home} has no {CONFIGURATION}: start in the checkout, or export DAGSTER_HOME=<absolute path of a folder that has one>"
        )
