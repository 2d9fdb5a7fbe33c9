"""The one place that reads the environment.

Holds paths, source, seasons and training defaults. No logic lives here, and nothing of ours is imported: every
function of the package takes paths and values, and only entry points call `get_settings()`.
"""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Source = Literal["archive", "simulated"]
Device = Literal["auto", "cpu", "cuda"]


class Settings(BaseSettings):
    """Settings of one run, read from `NBA_*` environment variables.

    Attributes:
        data_dir: root of tables, models and candidates of this source.
        archive_dir: the raw archive; `data_dir/raw` when not given.
        source: where the raw archive comes from; written to `data_dir/SOURCE` and checked on every read and write.
        seasons: `2018-19:2022-23`, or a comma-separated list; parsed by `league.seasons.parse_seasons`.
        epochs: the most passes the fusion trainer makes.
        device: where nets train; `auto` takes CUDA if there is one.
        workers: processes that may train at the same time.
        seed: seed of every random choice in training.
    """

    model_config = SettingsConfigDict(env_prefix="NBA_", frozen=True)

    data_dir: Path = Path("data")
    archive_dir: Path | None = None
    source: Source = "archive"
    seasons: str = "2018-19:2022-23"
    epochs: int = Field(default=10, ge=1)
    device: Device = "auto"
    workers: int = Field(default=2, ge=1)
    seed: int = 7

    @field_validator("data_dir", "archive_dir")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path.expanduser().absolute() if path is not None else None

    @property
    def raw_dir(self) -> Path:
        """Where the raw archive is read from."""
        return self.archive_dir or self.data_dir / "raw"


@lru_cache
def get_settings() -> Settings:
    """Reads the environment once per process."""
    return Settings()
