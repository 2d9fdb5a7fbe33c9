"""What is known about a registered version: its metadata, its place in the order, and the difference of two.

What does not belong here: files (`registry.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, NamedTuple


class VersionError(ValueError):
    """A version name that is not vMAJOR.MINOR.PATCH."""


class Version(NamedTuple):
    """A semantic version; compares as numbers, so v0.10.0 is after v0.9.0.

    Example:
        >>> Version.parse("v0.10.0") > Version.parse("v0.9.0")
        True
        >>> str(Version.parse("v0.9.3").next_minor())
        'v0.10.0'
    """

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, name: str) -> "Version":
        """Reads `v1.2.3`.

        Raises:
            VersionError: anything else.
        """
        parts = name.removeprefix("v").split(".")
        if not name.startswith("v") or len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
            raise VersionError(f"{name!r} is not a version: write it as v1.2.3")
        return cls(*map(int, parts))

    def next_minor(self) -> "Version":
        """The version that the next training run makes."""
        return Version(self.major, self.minor + 1, 0)

    def __str__(self) -> str:
        return f"v{self.major}.{self.minor}.{self.patch}"


@dataclass(frozen=True)
class VersionInfo:
    """The metadata of a version.

    Attributes:
        version: vX.Y.Z.
        created_at: UTC, ISO 8601.
        data_range: first and last date, or what the caller gave.
        config: hyperparameters; under `networks` the constructor arguments of each net.
        metrics: the held-out report that it was judged by.
        git_commit: of the code that trained it, if there is one.
        parent_version: the version that was `latest` when it was saved.
        files: sha256 of each file.
        data_version: hash of the data that it was trained on.
        source: where the raw data came from.
        serving: what its use needs beside the nets: `models/forecasts/serving.py`.
        verdict: status (accepted, insufficient) and reasons of the acceptance criteria.
        comparison: with the version in use when it was saved, as `evaluation.promotion.Promotion.to_dict()` gives it.

    Example:
        >>> VersionInfo("v1.0.0", "2024-01-07T08:00:00+00:00").status
        'insufficient'
    """

    version: str
    created_at: str
    data_range: Any = None
    config: Mapping[str, Any] | None = None
    metrics: Mapping[str, Any] | None = None
    git_commit: str | None = None
    parent_version: str | None = None
    files: Mapping[str, str] | None = None
    data_version: str | None = None
    source: str | None = None
    serving: Mapping[str, Any] | None = None
    verdict: Mapping[str, Any] | None = None
    comparison: Mapping[str, Any] | None = None

    @property
    def order(self) -> Version:
        """What versions are sorted by."""
        return Version.parse(self.version)

    @property
    def status(self) -> str:
        """What the acceptance criteria said."""
        return (self.verdict or {}).get("status", "insufficient")

    @property
    def split_by(self) -> str:
        """What its test games were chosen by; a version that does not say was split by seasons."""
        return (self.config or {}).get("split_by", "seasons")

    @property
    def is_accepted(self) -> bool:
        """May it be used in production?"""
        return self.status == "accepted"

    @property
    def learned_until(self) -> date | None:
        """The last date of the games that it was trained or validated on; None where it does not say."""
        split = (self.config or {}).get("split", {})
        return max((date.fromisoformat(split[part]["last"]) for part in ("train", "validation") if part in split), default=None)

    @property
    def is_kept_back(self) -> bool:
        """Did the comparison with the version in use keep it from replacing that one?"""
        return not (self.comparison or {}).get("promoted", True)

    def standing(self, in_use: bool) -> str:
        """Whether it is the version in use, and what decided that, in words.

        Args:
            in_use: whether `latest` points at it.
        """
        compared = (self.comparison or {}).get("reason", "not compared with another")
        if in_use or self.is_kept_back:
            return f"{'in use' if in_use else 'kept back'}: {compared}"
        return "not in use" if self.is_accepted else f"kept back: {self.status}, {'; '.join((self.verdict or {}).get('reasons', ()))}"

    def to_dict(self) -> dict[str, Any]:
        """The content of `metadata.json`."""
        return asdict(self)


@dataclass(frozen=True)
class VersionComparison:
    """Two versions side by side.

    Attributes:
        a, b: version names.
        metrics: by dotted name: value in a, value in b, and b - a where both have a number.
        config: by dotted name: the two values, where they differ.
        same_data: both were trained and judged on the same data; otherwise metrics are of different games and do not compare.
    """

    a: str
    b: str
    metrics: dict[str, tuple[Any, Any, float | None]]
    config: dict[str, tuple[Any, Any]]
    same_data: bool


def compare(a: VersionInfo, b: VersionInfo) -> VersionComparison:
    """The difference of two versions."""
    config_a, config_b = dict(_flat(a.config or {})), dict(_flat(b.config or {}))
    metrics_a, metrics_b = dict(_flat(a.metrics or {})), dict(_flat(b.metrics or {}))
    return VersionComparison(
        a=a.version,
        b=b.version,
        metrics={name: _delta(metrics_a.get(name), metrics_b.get(name)) for name in sorted({*metrics_a, *metrics_b})},
        config={
            name: (config_a.get(name), config_b.get(name))
            for name in sorted({*config_a, *config_b})
            if config_a.get(name) != config_b.get(name)
        },
        same_data=a.data_version is not None and a.data_version == b.data_version,
    )


def _delta(a: Any, b: Any) -> tuple[Any, Any, float | None]:
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (a, b))
    return a, b, b - a if numbers else None


def _flat(content: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
