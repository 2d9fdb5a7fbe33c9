"""Where the windows lie, which of them are chosen, and the gate before anything that needs them all. Training is `windows`' business."""

from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.settings import get_settings
from nba_pipeline.windows.config import WindowsConfig, read_config
from nba_pipeline.windows.ensemble import Ensemble, look
from nba_pipeline.windows.window_files import WindowStore, windows_root


def windows_config() -> WindowsConfig:
    """What `NBA_WINDOWS_FILE` says.

    Raises:
        WindowsConfigError: it cannot be used.
    """
    return read_config(get_settings().windows_file)


def found_windows(store: StoreResource) -> Ensemble:
    """The chosen windows, with every byte checked.

    Raises:
        StoreError: the folder is another source's.
    """
    if store.warehouse.root.exists():
        store.warehouse.check_source()
    return look(WindowStore(windows_root(store.warehouse.root)), windows_config().chosen)


def require_windows(store: StoreResource) -> None:
    """Refuses to go on without all of the chosen windows, before anything is counted or read.

    Raises:
        IncompleteEnsembleError: names each that is missing or damaged.
        StoreError: the folder is another source's.
    """
    found_windows(store).require_all()
