"""Ridge regression whose old rows fade, kept up to date by adding rows to its normal equations.

Belongs here: the algebra, which knows nothing of basketball. What the columns and rows mean is in `rapm_rows`.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve, get_lapack_funcs
from threadpoolctl import ThreadpoolController

BLAS = ThreadpoolController()
"""Solves run on one thread: the same bits on every machine, and two features built side by side do not fight for cores."""


@dataclass(frozen=True)
class RidgeFit:
    """A solved ridge.

    Attributes:
        coefficients: (columns,), in units of y.
        factor: lower Cholesky factor of X'WX + diag(penalties), shape (columns, columns).
        noise_variance: σ², the variance of y in a row of weight 1.
    """

    coefficients: np.ndarray
    factor: np.ndarray
    noise_variance: float

    def covariance(self) -> np.ndarray:
        """Posterior covariance σ²(X'WX + Λ)⁻¹ of the coefficients; only the lower triangle is filled."""
        (potri,) = get_lapack_funcs(("potri",), (self.factor,))
        with BLAS.limit(limits=1, user_api="blas"):
            inverse, failed = potri(self.factor, lower=1)
        if failed:
            raise np.linalg.LinAlgError(f"column {failed} of the Cholesky factor is singular: give every column a positive penalty")
        return self.noise_variance * inverse


def solve_ridge(
    gram: np.ndarray, moments: np.ndarray, penalties: np.ndarray, prior: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Solves (G + Λ)b = m + Λb₀ for b.

    Args:
        gram: X'WX, (columns, columns); overwritten.
        moments: X'Wy, (columns,).
        penalties: diagonal of Λ, (columns,), in units of weight.
        prior: b₀, where a column without data ends; zero when not given.

    Returns:
        The coefficients, (columns,), and the lower Cholesky factor of G + Λ.
    """
    gram.flat[:: gram.shape[0] + 1] += penalties
    target = moments if prior is None else moments + penalties * prior
    with BLAS.limit(limits=1, user_api="blas"):
        factor, _ = cho_factor(gram.T, lower=True, overwrite_a=True, check_finite=False)
        return cho_solve((factor, True), target, check_finite=False), factor


class DecayedRidge:
    """Normal equations in which a row of `half_life_days` ago counts half.

    Instead of shrinking the past at every step, later rows are added with growing weights 2^(t/half-life), and `fit` divides:
    only ratios matter, and an update costs as much as its new rows.

    Args:
        columns: number of columns of the design.
        half_life_days: age in days at which a row counts half.
    """

    def __init__(self, columns: int, half_life_days: float) -> None:
        self._half_life = half_life_days
        self._first_day: float | None = None
        self._gram = np.zeros((columns, columns))
        self._moments = np.zeros(columns)
        self._squares = self._rows = 0.0

    def _growth(self, day: float) -> float:
        return 2.0 ** ((day - (day if self._first_day is None else self._first_day)) / self._half_life)

    def add(self, design: sparse.csr_array, y: np.ndarray, weights: np.ndarray, day: float) -> None:
        """Learns rows of one day.

        Args:
            design: (rows, columns).
            y: (rows,).
            weights: (rows,); the variance of y is σ²/weight.
            day: when the rows happened, in days.
        """
        self._first_day = day if self._first_day is None else self._first_day
        growth = self._growth(day)
        weighted = design.multiply((growth * weights)[:, None]).tocsr()
        news = (design.T @ weighted).tocoo()
        self._gram[news.row, news.col] += news.data
        self._moments += weighted.T @ y
        self._squares += growth * float(np.sum(weights * y * y))
        self._rows += growth * len(y)

    def weight_on(self, column: int, columns: np.ndarray, day: float) -> np.ndarray:
        """Decayed weight that `columns` share with `column`: with the intercept, their exposure."""
        return self._gram[column, columns] / self._growth(day)

    def fit(self, columns: np.ndarray, penalties: np.ndarray, day: float, prior: np.ndarray | None = None) -> RidgeFit:
        """Solves for the named columns as of a day; the others are held at zero.

        Args:
            columns: column numbers, in the order of the answer.
            penalties: (columns,), in units of weight.
            day: the instant, in days.
            prior: (columns,), where a column without data ends; zero when not given.
        """
        growth = self._growth(day)
        gram, moments = self._gram[columns[:, None], columns], self._moments[columns] / growth
        gram /= growth
        coefficients, factor = solve_ridge(gram, moments, penalties, prior)
        pull = penalties * (coefficients - (0.0 if prior is None else prior))
        left_over = self._squares / growth - coefficients @ (moments + pull)
        return RidgeFit(coefficients, factor, float(left_over * growth / max(self._rows, growth)))
