"""What can be chosen about windows and meta-learner: one YAML file, checked when it is read."""

from functools import cached_property
from itertools import pairwise
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from nba_pipeline.league.windows import WINDOWS, UnknownWindowError, Window, parse_window

DEFAULT = Path(__file__).with_name("windows.yaml")


class WindowsConfigError(ValueError):
    """The file cannot be used; the message names the line of it and the remedy."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NetConfig(_Part):
    """How a window's net is built and trained; `windows.yaml` says what each number is."""

    width: int = Field(default=48, ge=1)
    steps: int = Field(default=2, ge=1)
    dropout: float = Field(default=0.3, ge=0, lt=1)
    learning_rate: float = Field(default=0.0015, gt=0)
    weight_decay: float = Field(default=0.1, ge=0)
    batch: int = Field(default=512, ge=1)
    passes: int = Field(default=4, ge=1)
    least_rows: int = Field(default=1000, ge=1)
    seed: int = 7


class Components(_Part):
    """Parts of the meta-learner; each can be switched off."""

    residual_correction: bool = True
    player_embeddings: bool = True
    temporal_memory: bool = True

    def without(self, name: str) -> "Components":
        """The same with one part switched off."""
        return self.model_copy(update={name: False})


class MetaConfig(_Part):
    """How the meta-learner is built and trained; `windows.yaml` says what each number is."""

    seasons_back: int = Field(default=8, ge=1)
    components: Components = Components()
    width: int = Field(default=64, ge=1)
    player_width: int = Field(default=4, ge=1)
    memory_games: int = Field(default=12, ge=1)
    unknown_share: float = Field(default=0.4, ge=0, lt=1)
    dropout: float = Field(default=0.1, ge=0, lt=1)
    learning_rate: float = Field(default=0.002, gt=0)
    weight_decay: float = Field(default=0.05, ge=0)
    batch: int = Field(default=1024, ge=1)
    passes: int = Field(default=3, ge=1)
    seed: int = 7


class WindowsConfig(_Part):
    """Everything that the file says.

    Attributes:
        windows: names; empty for the 27.
        net: of each window.
        meta: of the meta-learner.
    """

    windows: tuple[str, ...] = ()
    net: NetConfig = NetConfig()
    meta: MetaConfig = MetaConfig()

    @field_validator("windows")
    @classmethod
    def _in_order(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        windows = [parse_window(name) for name in names]
        if any(later.first <= earlier.last for earlier, later in pairwise(windows)):
            raise UnknownWindowError(f"windows must be in time order and may not overlap: {', '.join(names)}")
        return names

    @cached_property
    def chosen(self) -> tuple[Window, ...]:
        """The windows, in time order."""
        return tuple(parse_window(name) for name in self.windows) or WINDOWS


def read_config(file: Path | None = None) -> WindowsConfig:
    """The configuration of a file; the usual one when none is named.

    Raises:
        WindowsConfigError: missing, not YAML, or a value or name that does not exist; windows other than the 27 do not.
    """
    path = file or DEFAULT
    try:
        config = WindowsConfig.model_validate(yaml.safe_load(path.read_text()) or {})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise WindowsConfigError(f"{path}: {where}: {first['msg']}; {DEFAULT} says what each entry is") from error
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise WindowsConfigError(f"{path} cannot be read ({error}): set NBA_WINDOWS_FILE to a copy of {DEFAULT}") from error
    if other := [window.name for window in config.chosen if window not in WINDOWS]:
        known = ", ".join(window.name for window in WINDOWS)
        raise WindowsConfigError(f"{path}: windows: {', '.join(other)} is none of the 27: choose from {known}")
    return config
