"""Has a quantity moved between two periods, and by more than chance moves it?

Two measures, both against the first period. PSI (population stability index): ten bins fixed by the first period,
Σ (q − p) · ln(q / p) over the shares p and q of the two; it says how far a distribution has moved. KS: the largest gap between the two
distributions; its p-value says whether they differ at all, and on many rows they always do.

Neither is read alone. A club's numbers hardly change from one night to the next, so 1,230 games hold far fewer than 1,230 independent
values, and both measures are larger under no drift than textbooks say. The noise floor simulates that: both periods are drawn from the
first one, whole runs of a club's nights at a time. What is alarming is not decided here (`prediction/monitor/findings.py`).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

PSI_BINS = 10
KS_GRID = 400
"""Places at which the simulated gap of two distributions is measured; misses at most 1/400 of it."""

HALF_A_GAME = 0.5
"""Added to each bin of PSI, so that an empty one costs little and not infinitely much."""

FAMILY_ERROR = 0.05
"""Chance that any of all quantities passes its limit although nothing has drifted."""


@dataclass(frozen=True)
class Sample:
    """A period: what is compared, and which rows belong together.

    Attributes:
        values: (rows, quantities).
        clubs: per way of grouping, (rows,) a number for each club and season, rows in time order; such as home clubs, away clubs.
    """

    values: np.ndarray
    clubs: tuple[np.ndarray, ...]

    def __len__(self) -> int:
        return len(self.values)


def population_stability_index(first: np.ndarray, second: np.ndarray, bins: int = PSI_BINS) -> float:
    """PSI of one quantity.

    Args:
        first: (rows,) values that fix the bins: tenths of them, or fewer where values repeat.
        second: (rows,) values that are compared with them.
        bins: so many, fewer where values repeat.
    """
    edges = inner_edges(first, bins)
    counts = [np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1) for values in (first, second)]
    return float(_psi(counts[0][None].astype(float), counts[1][None].astype(float))[0])


def measure_shifts(names: tuple[str, ...], first: Sample, second: Sample, *, simulations: int = 2000, seed: int = 0) -> pl.DataFrame:
    """PSI and KS of each quantity, each beside its noise floor.

    Args:
        names: of the quantities.
        first: the period that fixes bins and noise.
        second: the period that is compared with it.
        simulations: draws of the noise floor.
        seed: of the draws.

    Returns:
        quantity, psi, psi_noise_p50, psi_limit, ks, ks_p_value, ks_noise_p50, ks_limit, first_mean, second_mean, first_sd, second_sd. A
        limit is what chance passes in any of all quantities once in twenty reports; the p-value is of independent rows, times the number
        of quantities.
    """
    from scipy.stats import ks_2samp

    rows = []
    for column, name in enumerate(names):
        a, b = first.values[:, column], second.values[:, column]
        psi_noise, ks_noise = noise_floor(a, first, second, simulations=simulations, seed=seed)
        gap, p_value = map(float, ks_2samp(a, b, method="asymp"))
        share = 100 * (1 - FAMILY_ERROR / len(names))
        rows.append(
            {
                "quantity": name,
                "psi": population_stability_index(a, b),
                "psi_noise_p50": float(np.median(psi_noise)),
                "psi_limit": float(np.percentile(psi_noise, share)),
                "ks": gap,
                "ks_p_value": min(1.0, p_value * len(names)),
                "ks_noise_p50": float(np.median(ks_noise)),
                "ks_limit": float(np.percentile(ks_noise, share)),
                **{f"{period}_mean": float(values.mean()) for period, values in (("first", a), ("second", b))},
                **{f"{period}_sd": float(values.std()) for period, values in (("first", a), ("second", b))},
            }
        )
    return pl.DataFrame(rows)


def noise_floor(
    values: np.ndarray, first: Sample, second: Sample, *, simulations: int = 2000, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """PSI and KS that two periods like these show when nothing drifts, one each a simulation.

    Each way of grouping is simulated; the one with the larger noise counts.

    Args:
        values: (rows of `first`,) the quantity.
        first: gives the clubs; both periods are drawn from it.
        second: only its size and its number of clubs are used.
        simulations: draws.
        seed: of the draws.
    """
    floors = [_floor(values, *clubs, simulations, seed) for clubs in zip(first.clubs, second.clubs, strict=True)]
    return max(floors, key=lambda floor: float(np.percentile(floor[0], 99)))


def inner_edges(values: np.ndarray, bins: int = PSI_BINS) -> np.ndarray:
    """Upper edges of all bins but the last: quantiles; where the extremes repeat, what lies beyond them is a bin of its own."""
    edges, lowest = np.unique(np.quantile(values, np.arange(1, bins) / bins, method="inverted_cdf")), values.min()
    return np.r_[np.nextafter(lowest, -np.inf), edges] if edges[0] == lowest else edges


def _floor(values: np.ndarray, clubs: np.ndarray, others: np.ndarray, simulations: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng, drawn = np.random.default_rng(seed), len(np.unique(others))
    runs = runs_of(clubs, length=max(1, round(len(others) / drawn)))
    grid = inner_edges(values, KS_GRID)
    code = np.searchsorted(grid, values, side="left")
    tenth = np.searchsorted(np.searchsorted(grid, inner_edges(values)), np.arange(len(grid) + 1), side="left")
    first = _draw(rng, _counts(clubs, code, len(grid) + 1), len(np.unique(clubs)), simulations)
    second = _draw(rng, _counts(runs, code, len(grid) + 1), drawn, simulations)
    gap = np.abs(_shares(first).cumsum(axis=1) - _shares(second).cumsum(axis=1)).max(axis=1)
    first, second = (np.stack([counts[:, tenth == at].sum(axis=1) for at in range(tenth[-1] + 1)], axis=1) for counts in (first, second))
    return _psi(first, second), gap


def runs_of(clubs: np.ndarray, length: int) -> np.ndarray:
    """(rows,) a number for each run of `length` nights in a row of a club; a season's last run may be shorter.

    Args:
        clubs: (rows,) club and season of each row, in time order.
        length: nights.
    """
    order = np.argsort(clubs, kind="stable")
    first = np.flatnonzero(np.r_[True, np.diff(clubs[order]) != 0])
    night = np.empty(len(clubs), np.int64)
    night[order] = np.arange(len(clubs)) - np.repeat(first, np.diff(np.r_[first, len(clubs)]))
    _, runs = np.unique(np.stack([clubs, night // length]), axis=1, return_inverse=True)
    return runs.ravel()


def _counts(groups: np.ndarray, code: np.ndarray, codes: int) -> np.ndarray:
    _, group = np.unique(groups, return_inverse=True)
    return np.bincount(group * codes + code, minlength=(group.max() + 1) * codes).reshape(-1, codes).astype(float)


def _draw(rng: np.random.Generator, counts: np.ndarray, groups: int, simulations: int) -> np.ndarray:
    """(simulations, codes) counts of as many groups drawn with replacement."""
    return rng.multinomial(groups, np.full(len(counts), 1 / len(counts)), size=simulations) @ counts


def _shares(counts: np.ndarray) -> np.ndarray:
    return counts / counts.sum(axis=1, keepdims=True)


def _psi(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    p, q = _shares(first + HALF_A_GAME), _shares(second + HALF_A_GAME)
    return ((q - p) * np.log(q / p)).sum(axis=1)
