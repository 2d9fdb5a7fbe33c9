"""Ticks of the weekly schedule, executed in this process on a store of their own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import dagster as dg

from nba_pipeline.definitions import build_definitions
from nba_pipeline.league.seasons import Season
from nba_pipeline.orchestration.jobs import weekly_retrain
from nba_pipeline.orchestration.partitions import range_tags
from nba_pipeline.orchestration.resources import StoreResource
from nba_pipeline.orchestration.schedules import RECORD, weekly_request
from nba_pipeline.tuning.weekly import WeeklyRecords, WeeklyRun
from nba_pipeline.warehouse.games import build_games

LIGHT = ("raw_archive", "games", "tuned_elo", "tuned_logistic", RECORD)
"""What of a week needs results only."""


LEFT_OUT = ("tuned_lightgbm", "tuned_xgboost")
LAST = ("transformer_model", "gnn_model", "fusion_model", "model_version", "drift_report", "tuned_elo", "tuned_logistic", RECORD)
"""What is unpartitioned and trained."""


@dataclass
class Sundays:
    """The weekly schedule of a store.

    Args:
        store: the folders.
        instance: where runs are recorded.
        seasons: what the nets train on beside the season in progress.
        epochs: most passes of the nets.
    """

    store: StoreResource
    instance: dg.DagsterInstance
    seasons: str = ""
    epochs: int = 1

    def __post_init__(self) -> None:
        self._defs = build_definitions(resource_overrides={"store": self.store})
        self._job = self._defs.resolve_job_def(weekly_retrain.name)

    def write_history(self, seasons: Sequence[Season]) -> None:
        """Games of earlier seasons, as an earlier run left them."""
        for season in seasons:
            self.store.warehouse.write("games", build_games(self.store.archive.team_log(season)), season)

    def build_history(self, seasons: Sequence[Season]) -> None:
        """Every table and feature of earlier seasons."""
        tables = [name for name in self.everything if name not in LAST]
        tags = range_tags(tuple(seasons))
        chosen = [dg.AssetKey(name) for name in tables]
        assert self._job.execute_in_process(asset_selection=chosen, tags=tags, instance=self.instance).success

    @property
    def everything(self) -> list[str]:
        """Every asset of the weekly job but those that need an extra."""
        layer = self._job.asset_layer
        keys = layer.selected_asset_keys & layer.asset_graph.materializable_asset_keys
        return sorted(name for key in keys if (name := key.to_user_string()) not in LEFT_OUT)

    def request(self, at: datetime) -> dg.RunRequest:
        """What the schedule asks for at a moment."""
        return weekly_request(dg.build_schedule_context(instance=self.instance, scheduled_execution_time=at), self.store)

    def run(self, at: datetime, assets: Collection[str] = LIGHT) -> WeeklyRun | None:
        """Executes what the schedule asks for, of `assets` only; None if it failed.

        Args:
            at: when the tick is.
            assets: what of a week that trains is materialised.
        """
        request = self.request(at)
        chosen = [key.to_user_string() for key in request.asset_selection or []] or list(assets)
        result = self._job.execute_in_process(
            run_config={"ops": self._configured(request.run_config["ops"], chosen)},
            partition_key=request.partition_key,
            asset_selection=[dg.AssetKey(name) for name in chosen],
            instance=self.instance,
            tags=request.tags,
            raise_on_error=False,
        )
        return next(run for run in reversed(self.records()) if run.week == request.run_key) if result.success else None

    def by_hand(self, season: Season, assets: Collection[str]) -> dg.ExecuteInProcessResult:
        """Executes a part of the job as a person starts it: a season, and no plan."""
        chosen = [dg.AssetKey(name) for name in assets]
        return self._job.execute_in_process(partition_key=season, asset_selection=chosen, instance=self.instance, raise_on_error=False)

    def records(self) -> list[WeeklyRun]:
        """Weeks that happened."""
        return WeeklyRecords(self.store.warehouse).all()

    def _configured(self, ops: dict[str, Any], chosen: list[str]) -> dict[str, Any]:
        nets = {"seasons": self.seasons, "epochs": self.epochs}
        return {name: {"config": op["config"] | (nets if name != RECORD else {})} for name, op in ops.items() if name in chosen}
