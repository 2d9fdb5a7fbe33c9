"""What a run has proven so far, in words."""

from collections import Counter
from dataclasses import dataclass, field

from nba_pipeline.features.leaks import Leak
from nba_pipeline_tests.asof_at_scale.instants import Instant
from nba_pipeline_tests.asof_at_scale.stretches import Stretch


@dataclass
class Summary:
    """Counts of instants and the leaks that were found.

    Args:
        features: names of all that were rebuilt at each instant.
    """

    features: tuple[str, ...]
    seasons: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    leaks: list[tuple[Instant, Leak]] = field(default_factory=list)

    def add(self, stretch: Stretch, instant: Instant, leaks: list[Leak]) -> None:
        """Takes in one instant."""
        self.seasons[stretch.season] += 1
        self.kinds[f"{'within a game' if instant.game_id else 'before tip-off'}, {instant.mutation}"] += 1
        self.leaks += [(instant, leak) for leak in leaks]

    def progress(self) -> str:
        """One line."""
        broken = len({instant for instant, _ in self.leaks})
        return f"{self.seasons.total()} instants, {len(self.leaks)} leaks at {broken} of them"

    def text(self) -> str:
        """The whole result."""
        lines = [
            f"Features, each rebuilt at each instant: {', '.join(self.features)}; within a game also all that the nets get of it.",
            f"Seasons: {', '.join(f'{season} {count}' for season, count in sorted(self.seasons.items()))}.",
            f"Kinds: {', '.join(f'{kind} {count}' for kind, count in sorted(self.kinds.items()))}.",
            *(f"LEAK {instant}: {leak}" for instant, leak in self.leaks),
            f"{self.progress()}: {'the rule is broken' if self.leaks else 'bit-identical'}.",
        ]
        return "\n".join(lines)
