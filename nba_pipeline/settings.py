"""The one place that reads the environment.

Holds paths, source, seasons and training defaults; an empty variable counts as one that is not set. No logic lives here,
and nothing of ours is imported: every function of the package takes paths and values, and only entry points call
`get_settings()`.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Source = Literal["archive", "simulated"]
Device = Literal["auto", "cpu", "cuda"]

USUAL_SEASONS: dict[Source, str] = {"simulated": "2020-21:2022-23", "archive": "2018-19:2022-23"}
"""Seasons of each source when none are named."""

USUAL_EPOCHS: dict[Source, int] = {"simulated": 4, "archive": 10}
"""The most passes over the training samples when no number is given: a first run on the simulated league is to take minutes."""

USUAL_PRICES: dict[str, float] = {"cpu": 0.10, "cuda": 2.50}
"""Of an hour of training, by device, in the unit of `NBA_BUDGET`: about what two rented cores and one data-centre GPU cost in dollars."""

Price = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Settings(BaseSettings):
    """Settings of one run, read from `NBA_*` environment variables.

    Attributes:
        data_dir: root of all data.
        source: who fills the raw archive: the simulated league, or people with real files. Each has a folder of its own, and a file
            `SOURCE` in it that is checked on every read and write.
        archive_dir: the real raw archive; `data_dir/raw` when not given.
        seasons: `2018-19:2022-23`, or a comma-separated list; parsed by `league.seasons.parse_seasons`.
        epochs: the most passes the fusion trainer makes; 0 for the usual number.
        device: where nets train; `auto` takes CUDA if there is one.
        workers: processes that may train at the same time.
        seed: seed of every random choice in training.
        league_seed: seed of the simulated league: another seed is another league.
        windows_file: YAML of the window models and their meta-learner; the one that comes with the package when not given.
        budget: the most that trainings may cost in 30 days, in the unit of the prices; one that would pass it does not start. 0 lets
            none start; no limit when not given.
        prices: of an hour of training, by device; JSON, such as `{"cuda": 3.2}`. A device that is left out has its usual price.
    """

    model_config = SettingsConfigDict(env_prefix="NBA_", env_ignore_empty=True, frozen=True)

    data_dir: Path = Path("data")
    source: Source = "simulated"
    archive_dir: Path | None = None
    seasons: str = ""
    epochs: int = Field(default=0, ge=0)
    device: Device = "auto"
    workers: int = Field(default=2, ge=1)
    seed: int = 7
    league_seed: int = Field(default=1, ge=0)
    windows_file: Path | None = None
    budget: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    prices: Annotated[dict[str, Price], NoDecode] = USUAL_PRICES

    @field_validator("data_dir", "archive_dir", "windows_file")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path.expanduser().absolute() if path is not None else None

    @field_validator("archive_dir")
    @classmethod
    def _only_for_real_data(cls, folder: Path | None, info: ValidationInfo) -> Path | None:
        if folder is not None and info.data.get("source") == "simulated":
            raise PydanticCustomError(
                "archive_of_no_use",
                "a real archive is named, and NBA_SOURCE is simulated: set NBA_SOURCE=archive (make run SOURCE=archive ARCHIVE=…) to run "
                "on the archive, or unset NBA_ARCHIVE_DIR (make: leave ARCHIVE out) for the simulated league, which touches no archive",
            )
        return folder

    @field_validator("seasons")
    @classmethod
    def _usual_when_not_named(cls, seasons: str, info: ValidationInfo) -> str:
        return seasons or USUAL_SEASONS[info.data.get("source", "simulated")]

    @field_validator("epochs")
    @classmethod
    def _usual_when_zero(cls, epochs: int, info: ValidationInfo) -> int:
        return epochs or USUAL_EPOCHS[info.data.get("source", "simulated")]

    @field_validator("prices", mode="before")
    @classmethod
    def _usual_where_left_out(cls, prices: Any) -> Any:
        try:
            given = json.loads(prices) if isinstance(prices, str) else prices
        except json.JSONDecodeError:
            given = None
        if not isinstance(given, dict) or not set(given) <= set(USUAL_PRICES):
            raise PydanticCustomError(
                "no_prices", 'prices per hour by device are written as {"cpu": 0.1, "cuda": 2.5}, not as {given}', {"given": prices}
            )
        return USUAL_PRICES | given

    @property
    def source_dir(self) -> Path:
        """Root of tables, models and candidates of the source: real and simulated data share no folder."""
        return self.data_dir / "simulated" if self.source == "simulated" else self.data_dir

    @property
    def raw_dir(self) -> Path:
        """Where the raw archive is read from."""
        return self.archive_dir or self.source_dir / "raw"


@lru_cache
def get_settings() -> Settings:
    """Reads the environment once per process."""
    return Settings()
