"""What flat and Kelly bets on a forecast would have brought at the closing price, bookmaker's margin included.

A yardstick, not a strategy: the closing price is the hardest to beat, no limits or delays are simulated, and a season of bets says little
(the interval shows how little). Which games are bet on is decided by the forecast and the price alone.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from nba_pipeline.evaluation.comparison import compare_paired

SMALLEST_EDGE = 0.02
"""Expected profit per unit staked below which no bet is made."""

KELLY_SHARE = 0.25
"""Share of the stake that would grow the bankroll fastest if the forecast were true."""

WHAT_IT_IS = "a simulation at closing prices with the bookmaker's margin: no limits, no delay, no advice"


@dataclass(frozen=True)
class BettingResult:
    """Bets on one forecast.

    Attributes:
        games: games with a price; bets: of them bet on; won: bets won.
        profit: units won by flat bets of one unit each.
        return_on_stake: profit per unit staked; low, high: its 95 % interval over dates.
        kelly_bankroll: what a bankroll of 1 became with `KELLY_SHARE` of Kelly; kelly_drawdown: the deepest fall from a peak, as a share.
    """

    games: int
    bets: int
    won: int
    profit: float
    return_on_stake: float
    low: float
    high: float
    kelly_bankroll: float
    kelly_drawdown: float


def simulate_bets(priced: pl.DataFrame, forecast: str = "p_home_win") -> BettingResult:
    """Bets one way on every game where the forecast sees an edge.

    Args:
        priced: one row a game: game_date, home_win, `forecast`, home_moneyline, away_moneyline (American odds).
        forecast: column with P(home win).
    """
    games = priced.drop_nulls(["home_moneyline", "away_moneyline", forecast]).sort("game_date", "game_id")
    p, won = games[forecast].to_numpy(), games["home_win"].cast(pl.Float64).to_numpy()
    home, away = (_decimal(games[f"{side}_moneyline"].to_numpy().astype(float)) for side in ("home", "away"))
    edges = np.stack([p * home - 1, (1 - p) * away - 1], axis=1)
    side = edges.argmax(axis=1)
    edge, odds = edges[np.arange(len(p)), side], np.where(side == 0, home, away)
    bet, hit = edge >= SMALLEST_EDGE, np.where(side == 0, won, 1 - won) == 1
    gain = np.where(hit, odds - 1, -1.0)
    days = games["game_date"].to_numpy()
    low, high = _interval(gain[bet], days[bet])
    bankroll, drawdown = _kelly(edge[bet], odds[bet], gain[bet], days[bet])
    profit, bets = float(gain[bet].sum()), int(bet.sum())
    return BettingResult(len(p), bets, int(hit[bet].sum()), profit, profit / bets if bets else 0.0, low, high, bankroll, drawdown)


def _decimal(american: np.ndarray) -> np.ndarray:
    """What a unit staked gives back if won, stake included: −200 → 1.5, +150 → 2.5."""
    return 1 + np.where(american < 0, 100 / np.maximum(-american, 1.0), american / 100)


def _interval(gain: np.ndarray, days: np.ndarray) -> tuple[float, float]:
    if len(np.unique(days)) < 2:
        return float("nan"), float("nan")
    found = compare_paired(gain, np.zeros(len(gain)), days)
    return found.low, found.high


def _kelly(edge: np.ndarray, odds: np.ndarray, gain: np.ndarray, days: np.ndarray) -> tuple[float, float]:
    """Stakes of a date are shares of the bankroll of that morning; together never more than all of it."""
    bankroll, peak, drawdown = 1.0, 1.0, 0.0
    stake = KELLY_SHARE * edge / (odds - 1)
    for day in np.unique(days):
        tonight = days == day
        shares = stake[tonight] / max(1.0, float(stake[tonight].sum()))
        bankroll *= 1 + float(shares @ gain[tonight])
        peak = max(peak, bankroll)
        drawdown = max(drawdown, 1 - bankroll / peak)
    return bankroll, drawdown
