"""What assets are handed: where data is, and what there is to compute with. Neither imports torch before it is asked."""

from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from nba_pipeline.league.seasons import Season
from nba_pipeline.orchestration.home import claim_home
from nba_pipeline.settings import Device, Settings, Source, get_settings
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.warehouse.source_marker import LEAGUE_SEED, claim
from nba_pipeline.warehouse.store import StoreError, Warehouse

if TYPE_CHECKING:
    import torch


class StoreResource(dg.ConfigurableResource):
    """The folders of one source.

    Attributes:
        data_dir: root of tables, candidates and models.
        archive_dir: the raw archive.
        source: who filled it; checked against `data_dir/SOURCE`, and against the Dagster home of the run.
        league_seed: which simulated league it is; checked against `data_dir/LEAGUE_SEED`. Real data ignores it.
    """

    data_dir: str
    archive_dir: str
    source: Source
    league_seed: int

    @classmethod
    def from_settings(cls, settings: Settings | None = None) -> "StoreResource":
        """The folders that the environment names."""
        settings = settings or get_settings()
        folders = {"data_dir": str(settings.source_dir), "archive_dir": str(settings.raw_dir)}
        return cls(**folders, source=settings.source, league_seed=settings.league_seed)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Refuses to record a run in the Dagster home of another source; runs of the UI and of bare commands come here too.

        Raises:
            DagsterHomeError: the home is another source's.
        """
        if context.instance:
            claim_home(Path(context.instance.root_directory), self.source)

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

    def check_source(self) -> None:
        """Refuses to mix sources, or two simulated leagues, in one data folder.

        Raises:
            StoreError: the folder holds data of another source, or of a league with another seed.
        """
        self.warehouse.check_source()
        if self.source != "simulated":
            return
        found = claim(Path(self.data_dir), str(self.league_seed), LEAGUE_SEED)
        if found != str(self.league_seed):
            raise StoreError(
                f"{self.data_dir} holds the simulated league of seed {found}, not {self.league_seed}: delete that folder, set NBA_DATA_DIR "
                f"to another one, or NBA_LEAGUE_SEED={found}"
            )

    def simulate(self, season: Season) -> bool:
        """Writes the raw files of a simulated season, unless they are there; whether it wrote.

        Raises:
            StoreError: the raw folder is not the simulated league's own: what people collected is only ever read.
        """
        raw, own = Path(self.archive_dir), Path(self.data_dir).resolve() / "raw"
        if self.source != "simulated" or raw.resolve() != own:
            raise StoreError(
                f"nothing is simulated into {raw} (source {self.source!r}), only into {own}: set NBA_SOURCE=simulated, and let that be a "
                "folder, not a link"
            )
        self.check_source()
        from nba_pipeline.sources.simulator import ensure_season

        return ensure_season(raw, season, self.league_seed)


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
        from nba_pipeline.models.training.compute import resolve_device

        return resolve_device(self.device)
