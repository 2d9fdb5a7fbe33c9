"""What assets are handed: where data is, and what there is to compute with. Neither imports torch before it is asked."""

from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from nba_pipeline.settings import Device, Settings, get_settings
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.warehouse.store import Warehouse

if TYPE_CHECKING:
    import torch


class StoreResource(dg.ConfigurableResource):
    """The folders of one source.

    Attributes:
        data_dir: root of tables, candidates and models.
        archive_dir: the raw archive.
        source: who filled it; checked against `data_dir/SOURCE`.
    """

    data_dir: str
    archive_dir: str
    source: str = "archive"

    @classmethod
    def from_settings(cls, settings: Settings | None = None) -> "StoreResource":
        """The folders that the environment names."""
        settings = settings or get_settings()
        return cls(data_dir=str(settings.data_dir), archive_dir=str(settings.raw_dir), source=settings.source)

    @property
    def warehouse(self) -> Warehouse:
        """Tables and features."""
        return Warehouse(Path(self.data_dir), self.source)

    @property
    def archive(self) -> RawArchive:
        """The raw archive, read only."""
        return RawArchive(Path(self.archive_dir))

    @property
    def models_root(self) -> Path:
        """Registered versions."""
        return Path(self.data_dir) / "models"


class ComputeResource(dg.ConfigurableResource):
    """Where nets train.

    Attributes:
        device: `auto` takes CUDA if there is one; `cpu` or `cuda` ask by name.
    """

    device: Device = "auto"

    @classmethod
    def from_settings(cls, settings: Settings | None = None) -> "ComputeResource":
        """The device that the environment asks for."""
        return cls(device=(settings or get_settings()).device)

    def resolve(self) -> "torch.device":
        """Looks for the device; `models.compute` says how, and refuses CUDA where there is none."""
        from nba_pipeline.models.compute import resolve_device

        return resolve_device(self.device)
