"""How long a search may take. It stops before the trial that would not end in time, never in the middle of one."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean

from nba_pipeline.tuning.trials import Trial


@dataclass
class Budget:
    """Seconds of wall clock from now on.

    Args:
        seconds: how many; no limit when not given.
    """

    seconds: float | None = None
    _start: float = field(default_factory=time.monotonic, init=False)

    def allows_another(self, trials: Sequence[Trial]) -> bool:
        """Whether a trial as long as the whole ones so far (as all, where none is whole) would end in time; the first may always start."""
        took = [trial.seconds for trial in trials if not trial.pruned] or [trial.seconds for trial in trials]
        return self.seconds is None or not took or time.monotonic() - self._start + fmean(took) <= self.seconds
