"""The best simple forecast, as a module: where the fusion net starts from.

Before tip-off it is a linear model of the context; in the game a smooth formula of its margin and total, the score and the
share of the game left. It is fitted once on training rows and does not learn by gradient. What does not belong here: the
fits themselves (`linear_fits.py`) and the nets.
"""

import math

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from nba_pipeline.models.nets.context_scaler import ContextScaler
from nba_pipeline.models.nets.linear_fits import PENALTIES, least_absolute, logistic_of_margin, ridge

LEAD_DECAY, PRIOR_WEIGHT, PRIOR_POWER, SPREAD, SPREAD_FLOOR = 0.277, 1.503, 0.811, 16.9, 0.0155
"""Φ((diff (1 - .277 s) + 1.503 m s^.811) / (16.9 √(s + .0155))), measured on 2013-14 .. 2019-20; s share left, m pre-game margin."""

RATED_PENALTIES = (15_000.0,)
"""Games that corrections of a rating have against them (chosen on 2015-16 .. 2020-21): 32 numbers know little that it does not."""

LEAGUE_TOTAL = 220.0
"""Points of a game, until a fit knows better."""

OVERTIME_SHARE = 5 / 48
MARGIN_PER_PROBIT = SPREAD * math.sqrt(1 + SPREAD_FLOOR) / PRIOR_WEIGHT
LOGIT_LIMIT = 10.0
DECIDED_LOGIT = 7.0
"""A lead with nothing left to play: all but over (free throws at 0:00 are rare, and rarely enough)."""


class LinearSkip(nn.Module):
    """Win logit, margin and total from context and state.

    * Before tip-off: margin and total are ridges on the standardised context, the margin's on top of the rating's, the total's on top of
      the expected total (the context knows no scoring level), the logit a two-parameter logistic of the margin.
    * In the game: the formula above for the logit, with m such that at s = 1 it gives the pre-game logit; margin = diff +
      m · s + diff · f(s) + m · g(s); total = points + rest, with f, g and the rest smooth in s, fitted on training rows. Both are
      medians: overtime skews the mean. At s = 1 all three equal the pre-game model, at s = 0 the score.

    Overtime counts as more time left (5 of 48 minutes), and a tie with nothing left means that five minutes are to come.

    Args:
        context_dim: context features.

    Shapes:
        context: (batch, context_dim); state: (batch, 4) and expected_total: (batch,), see `GameBatch`; outputs: (batch,) each.

    Example:
        >>> import torch
        >>> skip = LinearSkip(context_dim=32)
        >>> ten_up_at_the_half = torch.tensor([[10.0, 110.0, 0.5, 0.0]])
        >>> logit, margin, total = skip(torch.zeros(1, 32), ten_up_at_the_half)
        >>> round(float(logit.sigmoid()), 2)
        0.76
    """

    margin_weights: Tensor
    total_weights: Tensor
    win_weights: Tensor
    margin_curve: Tensor
    total_curve: Tensor

    def __init__(self, context_dim: int = 32) -> None:
        super().__init__()
        self.scaler = ContextScaler(context_dim)
        self.register_buffer("margin_weights", torch.zeros(context_dim + 1))
        self.register_buffer("total_weights", torch.zeros(context_dim + 1))
        self.register_buffer("win_weights", torch.tensor([0.0, 0.15]))
        self.register_buffer("margin_curve", torch.from_numpy(MARGIN_PRIOR).float())
        self.register_buffer("total_curve", torch.from_numpy(TOTAL_PRIOR).float())

    def forward(
        self,
        context: Float[Tensor, "batch context"],
        state: Float[Tensor, "batch 4"],
        expected_total: Float[Tensor, " batch"] | None = None,
    ) -> tuple[Float[Tensor, " batch"], Float[Tensor, " batch"], Float[Tensor, " batch"]]:
        """Win logit, margin and total (points)."""
        prior_margin, prior_total = self.pregame(context, expected_total)
        difference, points, left = state[:, 0], state[:, 1], share_left(state)
        margin = difference + prior_margin * left + margin_terms(difference, prior_margin, left) @ self.margin_curve
        total = points + prior_total * left + total_terms(difference, points, prior_total, left) @ self.total_curve
        return self._win_logit(prior_margin, difference, left), margin, total

    def pregame(
        self, context: Float[Tensor, "batch context"], expected_total: Float[Tensor, " batch"] | None = None
    ) -> tuple[Float[Tensor, " batch"], Float[Tensor, " batch"]]:
        """Margin and total (points) of the ridges on the context."""
        scaled = self.scaler(context)
        level = LEAGUE_TOTAL if expected_total is None else expected_total
        margin = scaled @ self.margin_weights[:-1] + self.margin_weights[-1]
        return margin, level + scaled @ self.total_weights[:-1] + self.total_weights[-1]

    def _win_logit(self, prior_margin: Tensor, difference: Tensor, left: Tensor) -> Tensor:
        before = (self.win_weights[0] + self.win_weights[1] * prior_margin).clamp(-6.0, 6.0)
        strength = MARGIN_PER_PROBIT * torch.special.ndtri(before.sigmoid())
        lead = difference * (1 - LEAD_DECAY * left) + PRIOR_WEIGHT * strength * left.pow(PRIOR_POWER)
        probit = lead / (SPREAD * (left + SPREAD_FLOOR).sqrt())
        logit = torch.special.log_ndtr(probit) - torch.special.log_ndtr(-probit)
        return torch.where(left > 0, logit.clamp(-LOGIT_LIMIT, LOGIT_LIMIT), DECIDED_LOGIT * difference.sign())

    def fit(
        self,
        context: np.ndarray | Tensor,
        state: np.ndarray | Tensor,
        home_win: np.ndarray | Tensor,
        margin: np.ndarray | Tensor,
        total: np.ndarray | Tensor,
        is_pregame: np.ndarray | Tensor,
        expected_total: np.ndarray | Tensor | None = None,
        rated: int | None = None,
    ) -> "LinearSkip":
        """Fits everything on training rows; those before tip-off give the pre-game models, all of them the curves.

        Args:
            context: (rows, context_dim).
            state: (rows, 4).
            home_win: (rows,) 0 or 1.
            margin: (rows,) final margin, points.
            total: (rows,) final total, points.
            is_pregame: (rows,) True for a row before tip-off; at least two, one per game.
            expected_total: (rows,) total that was expected before tip-off, points.
            rated: column of the context that is an expected margin already, in points: the fit corrects it, and corrects `expected_total`,
                by little. Without it, the penalty of the ridges is found by leave-one-out.

        Raises:
            ValueError: fewer than two rows before tip-off.
        """
        before = np.asarray(is_pregame, bool)
        if before.sum() < 2:
            raise ValueError(f"{before.sum()} rows before tip-off: give the skip at least two games, each with its row at play 0")
        won, final_margin, final_total = (np.asarray(values, np.float64) for values in (home_win, margin, total))
        rows = torch.as_tensor(np.asarray(context), dtype=torch.float32)
        self.scaler.fit(rows[before])
        expected = torch.full((len(rows),), LEAGUE_TOTAL) if expected_total is None else torch.as_tensor(np.asarray(expected_total)).float()
        surprise = final_total - expected.double().numpy()
        self._fit_pregame(self.scaler(rows[before]).double().numpy(), won[before], final_margin[before], surprise[before], rated)
        self._fit_curves(rows, torch.as_tensor(np.asarray(state), dtype=torch.float32), expected, final_margin, final_total)
        return self

    def _fit_pregame(self, scaled: np.ndarray, won: np.ndarray, margin: np.ndarray, surprise: np.ndarray, rated: int | None) -> None:
        penalties, start = (PENALTIES, np.zeros(scaled.shape[1] + 1)) if rated is None else (RATED_PENALTIES, self._as_weights(rated))
        begun = scaled @ start[:-1] + start[-1]
        weights, intercept, held_out = ridge(scaled, margin - begun, penalties)
        _set(self.margin_weights, start + np.append(weights, intercept))
        _set(self.win_weights, np.array(logistic_of_margin(begun + held_out, won)))
        weights, intercept, held_out = ridge(scaled, surprise, penalties)
        _set(self.total_weights, np.append(weights, intercept + np.median(surprise - held_out)))

    def _as_weights(self, column: int) -> np.ndarray:
        """Weights on the scaled context and an intercept that give one column back as it was."""
        weights = np.zeros(len(self.margin_weights))
        weights[column], weights[-1] = float(self.scaler.sd[column]), float(self.scaler.mean[column])
        return weights

    def _fit_curves(self, context: Tensor, state: Tensor, expected: Tensor, margin: np.ndarray, total: np.ndarray) -> None:
        prior_margin, prior_total = self.pregame(context, expected)
        left, difference, points = share_left(state), state[:, 0], state[:, 1]
        terms = margin_terms(difference, prior_margin, left).double().numpy()
        rest = margin - (difference + prior_margin * left).double().numpy()
        _set(self.margin_curve, least_absolute(terms, rest, MARGIN_PRIOR, penalty=20.0))
        terms = total_terms(difference, points, prior_total, left).double().numpy()
        rest = total - (points + prior_total * left).double().numpy()
        _set(self.total_curve, least_absolute(terms, rest, TOTAL_PRIOR, penalty=20.0))


MARGIN_PRIOR = np.array([0.0, -0.55, 0.0, 0.0, 0.0])
"""A lead keeps 1 - .55 s of its points; of the pre-game margin, the share left is to come."""

TOTAL_PRIOR = np.zeros(5)
"""Of the pre-game total, the share left is to come."""


def share_left(state: Float[Tensor, "batch 4"]) -> Float[Tensor, " batch"]:
    """Time left as a share of regulation: overtime adds 5 of 48 minutes, a tie with nothing left is an overtime to come."""
    left = state[:, 2].clamp(0.0, 1.0) + OVERTIME_SHARE * state[:, 3].clamp(0.0, 1.0)
    return torch.where((left == 0) & (state[:, 0] == 0), OVERTIME_SHARE, left)


def margin_terms(difference: Tensor, prior: Tensor, left: Tensor) -> Float[Tensor, "batch 5"]:
    """What final margin - difference so far - share left · prior is linear in."""
    lead = [difference * power for power in (left.sqrt(), left, left.square())]
    return torch.stack([*lead, *_bends(prior, left)], dim=1)


def total_terms(difference: Tensor, points: Tensor, prior: Tensor, left: Tensor) -> Float[Tensor, "batch 5"]:
    """What final total - points so far - share left · prior is linear in.

    Two bends, the surplus over the prior's pace, and the lead: a game that is decided is played out, a close one has fouls at its end.
    """
    surplus, lead = points - prior * (1 - left), difference.abs()
    return torch.stack([*_bends(prior, left), surplus * left, lead * left.sqrt(), lead * left], dim=1)


def _bends(prior: Tensor, left: Tensor) -> tuple[Tensor, Tensor]:
    """Two curves that are 0 at both ends."""
    return prior * (left.sqrt() - left), prior * (left.square() - left)


def _set(buffer: Tensor, values: np.ndarray) -> None:
    buffer.copy_(torch.from_numpy(values))
