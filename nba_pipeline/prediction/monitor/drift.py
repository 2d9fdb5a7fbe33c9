"""Is a version still the one that was judged? Its inputs and forecasts in training and now, and its recent log loss.

Everything is before tip-off, lineups projected. Recent games are after the last date that the version (and the one it is compared with)
was trained on. What does not belong here: statistics (`evaluation/drift.py`) and limits (`findings.py`).
"""

from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from nba_pipeline.evaluation.closing_line import priced_games
from nba_pipeline.evaluation.drift import Sample, measure_shifts
from nba_pipeline.evaluation.scores import score_forecasts
from nba_pipeline.features.context_features import CONTEXT_FEATURES
from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.prediction.monitor import findings as judge
from nba_pipeline.prediction.monitor.findings import Finding, HeldOut, shift_levels
from nba_pipeline.prediction.monitor.periods import Period, clubs_of, part_of, period_of, recent_games, seasons_of
from nba_pipeline.warehouse.store import Warehouse

if TYPE_CHECKING:
    from nba_pipeline.models.nets.game_net import GameNet
    from nba_pipeline.models.samples.game_arrays import GameArrays
    from nba_pipeline.models.samples.instants import InstantTable

RECENT_GAMES = 500
OUTPUTS = ("p_home_win", "margin", "total")
SCORED = ("log_loss", "brier_score", "accuracy", "margin_mae", "total_mae", "ece")


@dataclass(frozen=True)
class DriftReport:
    """What was found.

    Attributes:
        version, against: the version, and the one it is compared with, if any.
        source: where the raw data came from.
        served: the forecast that the version serves before tip-off; the monitor judges the net, which the criteria judged too.
        trained_on, recent: the two periods.
        shifts: one row per input and output, see `evaluation.drift.measure_shifts`, with `kind` and `level`.
        scores: of the recent games, see `evaluation.scores.score_forecasts`; the other version is one of the forecasts.
        market: the same on those with a closing line; empty where too few have one.
        held_out: what the version was judged by.
        findings: the answers, one per question.
    """

    version: str
    against: str | None
    source: str
    served: str
    trained_on: Period
    recent: Period
    shifts: pl.DataFrame
    scores: pl.DataFrame
    market: pl.DataFrame
    held_out: HeldOut | None

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """One answer per question of `drift_findings.QUESTIONS`."""
        kinds = {kind: self.shifts.filter(pl.col("kind") == kind) for kind in ("inputs", "outputs")}
        elo = log_loss_row(self.scores, "elo")
        assert elo is not None, "Elo is always among the forecasts"
        answers = (
            *(judge.shifted(kind, rows) for kind, rows in kinds.items()),
            judge.against_elo(elo),
            judge.against_held_out(elo, self.held_out),
            judge.against_market(log_loss_row(self.market, "closing_line")),
            judge.against_other_version(log_loss_row(self.scores, self.against), self.version, self.against),
        )
        return judge.too_few(answers, self.recent.games)

    @property
    def level(self) -> str:
        """The most alarming answer."""
        return max((one.level for one in self.findings), key=("insufficient", "ok", "WARN", "ERROR").index)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return {
            "version": self.version,
            "against": self.against,
            "source": self.source,
            "served": self.served,
            "lineups": "projected",
            "level": self.level,
            "trained_on": {name: str(value) if name != "games" else value for name, value in asdict(self.trained_on).items()},
            "recent": {name: str(value) if name != "games" else value for name, value in asdict(self.recent).items()},
            "held_out": asdict(self.held_out) if self.held_out else None,
            "findings": [asdict(one) for one in self.findings],
            "shifts": self.shifts.to_dicts(),
            "scores": self.scores.to_dicts(),
            "market": self.market.to_dicts(),
        }


def drift_report(
    warehouse: Warehouse, version: str = "latest", against: str | None = None, since: date | None = None, games: int = RECENT_GAMES
) -> DriftReport:
    """Compares a version's training period with now.

    Args:
        warehouse: tables, and the registry beside them.
        version: which one.
        against: another version, compared on the same games.
        since: recent games are those from this date on; without it the last `games`.
        games: how many, where no date is given.

    Raises:
        RegistryError: no such version.
        ArtifactError: a file of the version is damaged.
        StoreError: a table is missing.
        DriftError: there are no games after the training period, or of one date only.
    """
    from nba_pipeline.models.samples.load_games import load_games

    registry = ModelRegistry(warehouse.root / "models")
    infos = [registry.info(name) for name in (version, against) if name]
    seasons = seasons_of(warehouse, infos)
    arrays = load_games(warehouse, seasons)
    trained, *other_trained = (part_of(arrays.games, info, "train") for info in infos)
    recent = recent_games(arrays.games, [trained, *other_trained], since, games)
    nets = {info.version: registry.load_networks(info.version) for info in infos}
    measured = _Measured(warehouse, arrays, trained, recent, *nets.values())
    lines = warehouse.read("betting_lines", seasons) if all(warehouse.path("betting_lines", one).exists() for one in seasons) else None
    predictions = measured.predictions(against=infos[-1].version if against else None)
    priced = priced_games(predictions, lines) if lines is not None else predictions.clear()
    return DriftReport(
        version=infos[0].version,
        against=infos[-1].version if against else None,
        source=warehouse.source,
        served=(infos[0].serving or {}).get("pregame", "net"),
        trained_on=period_of(arrays.games, trained),
        recent=period_of(arrays.games, recent),
        shifts=measured.shifts(),
        scores=score_forecasts(predictions),
        market=score_forecasts(priced) if priced["game_date"].n_unique() > 1 else pl.DataFrame(),
        held_out=HeldOut.of(infos[0].metrics or {}),
    )


def log_loss_row(scores: pl.DataFrame, forecast: str | None) -> dict[str, Any] | None:
    """The row of a forecast's log loss; None where there is none."""
    if not scores.height or forecast is None:
        return None
    rows = scores.filter((pl.col("forecast") == forecast) & (pl.col("metric") == "log_loss"))
    return rows.row(0, named=True) if rows.height else None


class _Measured:
    """Both periods with the forecasts made in them."""

    def __init__(
        self, warehouse: Warehouse, arrays: "GameArrays", trained: np.ndarray, recent: np.ndarray, net: "GameNet", *other: "GameNet"
    ) -> None:
        from nba_pipeline.models.forecasts.held_out import forecast
        from nba_pipeline.models.samples.training_data import read_priors

        self.arrays, self.rows, self.net, self.other = arrays, (trained, recent), net, other
        self.clubs = clubs_of(warehouse, arrays.games)
        self.priors = read_priors(warehouse, arrays.games["season"].unique().sort().to_list())
        self.said = tuple(forecast(net, arrays, rows, np.zeros(len(rows), np.int64)) for rows in self.rows)

    def shifts(self) -> pl.DataFrame:
        """Every input and output, with its kind and level."""
        names = (*CONTEXT_FEATURES, *OUTPUTS)
        samples = (
            Sample(np.column_stack([self.arrays.context[rows], said]), tuple(clubs[rows] for clubs in self.clubs))
            for rows, said in zip(self.rows, self.said, strict=True)
        )
        kind = pl.when(pl.col("quantity").is_in(OUTPUTS)).then(pl.lit("outputs")).otherwise(pl.lit("inputs"))
        return shift_levels(measure_shifts(names, *samples).insert_column(0, kind.alias("kind")))

    def predictions(self, against: str | None) -> pl.DataFrame:
        """The recent games with everybody's forecast; baselines learn from the training games."""
        from nba_pipeline.models.baselines import HomeRate, RidgeOnContext, ScoreAndPrior
        from nba_pipeline.models.forecasts.held_out import forecast, held_out_predictions

        train, recent = (self._before(rows) for rows in self.rows)
        baselines: list[Any] = [HomeRate(), ScoreAndPrior("elo", prior="elo"), ScoreAndPrior("rating", prior="rating", total="rating")]
        if self.net.fusion.skip is not None:
            baselines.append(RidgeOnContext(self.net.fusion.skip))
        frame = held_out_predictions(self.net, [one.fit(train) for one in baselines], self.arrays, recent)
        for net in self.other:
            said = forecast(net, self.arrays, recent.game, recent.known)
            frame = frame.with_columns(pl.Series(f"{name}_{against}", said[:, at]) for at, name in enumerate(OUTPUTS))
        return frame

    def _before(self, rows: np.ndarray) -> "InstantTable":
        from nba_pipeline.models.samples.instants import PREGAME, instant_table

        return instant_table(self.arrays, np.full(len(rows), PREGAME), rows, np.zeros(len(rows), np.int64), self.priors)
