"""Window models on disk: `<root>/2019-2021/<hash>/window.pt` and `manifest.json`. Whether all are there is `ensemble.py`'s question."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nba_pipeline.league.windows import WindowName, parse_window
from nba_pipeline.models.artifacts import ArtifactError, read_torch
from nba_pipeline.windows.artefact import Artefact, current, publish

if TYPE_CHECKING:
    from nba_pipeline.windows.window_model import TrainedWindow, Vintage, WindowModel

WEIGHTS = "window.pt"
TRAIN_MISSING = "nba windows train --missing"


def windows_root(source_root: Path) -> Path:
    """The folder of windows, meta-learner and backtests below the data of a source."""
    return source_root / "windows"


@dataclass(frozen=True)
class WindowStore:
    """All windows of one data folder.

    Args:
        root: `data/windows`.
    """

    root: Path

    def save(self, trained: "TrainedWindow") -> Artefact:
        """Writes a window and points at it.

        Raises:
            ArtifactError: the disk is full; what was pointed at before still is.
        """
        weights = {"vintages": [_plain(vintage) for vintage in trained.model.vintages]}
        name = trained.model.window.name
        return publish(self.root / name, WEIGHTS, weights, {**trained.facts, "window": name})

    def files(self, window: WindowName) -> Artefact:
        """The files that are pointed at, with every byte checked.

        Raises:
            ArtifactError: never trained, deleted, damaged, or another window's; the message names the file.
        """
        files = current(self.root / window, WEIGHTS, TRAIN_MISSING)
        if (found := files.manifest.get("window")) != window:
            raise ArtifactError(f"{files.folder} holds the window {found}, not {window}: delete that folder, then {TRAIN_MISSING}")
        return files

    def load(self, window: WindowName) -> "WindowModel":
        """A window's model, checked.

        Raises:
            ArtifactError: as `files`.
        """
        from nba_pipeline.windows.window_model import WindowModel

        files = self.files(window)
        vintages = read_torch(files.folder / WEIGHTS, files.hashes[WEIGHTS])["vintages"]
        return WindowModel(parse_window(window), tuple(_vintage(one) for one in vintages))


def _plain(vintage: "Vintage") -> dict[str, Any]:
    fitted = vintage.fitted
    shape = {"width": fitted.net.encoder.first.out_features, "steps": len(fitted.net.encoder.looks)}
    said = {"through": vintage.through, "columns": list(fitted.columns), "targets": list(fitted.targets), "rows": fitted.rows}
    return said | {"shape": shape, "state": fitted.net.state_dict()}


def _vintage(said: dict[str, Any]) -> "Vintage":
    from nba_pipeline.windows.encoder import WindowNet
    from nba_pipeline.windows.fitting import Fitted
    from nba_pipeline.windows.window_model import Vintage

    state = said["state"]
    net = WindowNet(said["columns"], said["targets"], state["mean"], state["spread"], state["usual"], **said["shape"])
    net.load_state_dict(state)
    return Vintage(said["through"], Fitted(net.eval(), tuple(said["columns"]), tuple(said["targets"]), said["rows"]))
