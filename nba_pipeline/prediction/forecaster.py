"""A registered version, loaded and ready: instants go in, rows of forecasts come out.

The one place where a version's nets, its baselines and its intervals meet. What does not belong here: choosing games and instants
(`slate.py`, the live game, the backtest).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from nba_pipeline.models.baselines import skip_forecast
from nba_pipeline.models.forecasts.held_out import forecast, still_open
from nba_pipeline.models.forecasts.serving import Serving, served, with_intervals
from nba_pipeline.models.nets.game_net import GameNet
from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.models.samples.game_arrays import GameArrays
from nba_pipeline.models.samples.instants import PRIORS
from nba_pipeline.models.samples.load_games import PROJECTED

FORECASTS = ("p_home_win", "margin", "total")


class NotServableError(RuntimeError):
    """A version was registered without what its use needs."""


@dataclass(frozen=True)
class Forecaster:
    """A version in memory.

    Attributes:
        net: its nets, on the CPU.
        serving: what is served before tip-off, and the intervals.
        version: its name; every row carries it.
        source: of the data it was trained on.
        learned_until: the last date of the games that it was trained or validated on; None where it does not say.
    """

    net: GameNet
    serving: Serving
    version: str
    source: str
    learned_until: date | None = None

    @classmethod
    def load(cls, registry: ModelRegistry, version: str = "latest") -> Forecaster:
        """Loads a version and verifies its files.

        Raises:
            RegistryError: no such version.
            ArtifactError: a file is missing or damaged.
            NotServableError: it was saved without `serving`.
        """
        info = registry.info(version)
        if info.serving is None:
            raise NotServableError(f"{info.version} was registered without what its use needs: train a new one (nba train all)")
        serving = Serving.from_dict(info.serving)
        return cls(registry.load_networks(info.version), serving, info.version, info.source or "", info.learned_until)

    def forecast(
        self, arrays: GameArrays, game: np.ndarray, known: np.ndarray, priors: pl.DataFrame, lineups: str = PROJECTED
    ) -> pl.DataFrame:
        """One row per instant.

        Args:
            arrays: the games.
            game: (rows,) positions of the instants' games.
            known: (rows,) events that each instant knows; 0 before tip-off.
            priors: one row per game: game_id and `PRIORS`, what the ratings said before tip-off.
            lineups: which knowledge of who plays the arrays and priors hold.

        Returns:
            game_id, play_index, as_of_seconds, model_version, source, lineups, forecast (what is served: `net`, or before tip-off another
            one), p_home_win, margin, margin_low, margin_high, total, total_low, total_high, and of the baselines
            p_home_win_<name>, margin_<name>, total_<name> for home_rate, elo, rating (as of tip-off) and ridge (as of the instant); elo has
            no total: where it is served, the total is the mean of the training games.
        """
        state = arrays.state(game, known)
        frame = arrays.games[game.tolist()].select("game_id").with_columns(
            play_index=pl.Series(arrays.play_index(game, known), dtype=pl.Int64),
            as_of_seconds=pl.Series(arrays.elapsed(game, known).astype(float)),
            model_version=pl.lit(self.version),
            source=pl.lit(self.source),
            lineups=pl.lit(lineups),
            forecast=pl.Series(np.where(known > 0, "net", self.serving.pregame)),
        )  # fmt: skip
        frame = frame.join(self._priors(priors), on="game_id", how="left", maintain_order="left")
        frame = _with(frame, forecast(self.net, arrays, game, known), "")
        frame = _with(frame, self._ridge(arrays, game, state), "_ridge")
        frame = served(frame.with_columns(total_elo="total_home_rate"), self.serving.pregame).drop("total_elo")
        frame = with_intervals(frame, self.serving.bands, still_open(state))
        ends = [f"{name}_{end}" for name in ("margin", "total") for end in ("low", "high")]
        facts = ("game_id", "play_index", "as_of_seconds", "model_version", "source", "lineups", "forecast")
        return frame.select(*facts, *FORECASTS, *ends, pl.exclude(*facts, *FORECASTS, *ends))

    def _priors(self, priors: pl.DataFrame) -> pl.DataFrame:
        """Baselines that stand still once the game has begun."""
        share, margin, total = self.serving.home_rate
        named = {column: f"{name}_{rating}" for rating in ("elo", "rating") for column, name in _names(rating).items() if column in PRIORS}
        return priors.select("game_id", *PRIORS).rename(named).with_columns(
            p_home_win_home_rate=pl.lit(share), margin_home_rate=pl.lit(margin), total_home_rate=pl.lit(total)
        )  # fmt: skip

    def _ridge(self, arrays: GameArrays, game: np.ndarray, state: np.ndarray) -> np.ndarray:
        return skip_forecast(self.net.fusion.skip, arrays.context[game], state, arrays.expected_total[game])


def _names(rating: str) -> dict[str, str]:
    return {f"{rating}_{name}": name for name in FORECASTS}


def _with(frame: pl.DataFrame, said: np.ndarray, suffix: str) -> pl.DataFrame:
    return frame.with_columns(pl.Series(f"{name}{suffix}", said[:, column]) for column, name in enumerate(FORECASTS))
