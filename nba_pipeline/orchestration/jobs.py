"""The jobs: everything, and everything for the current season once a week."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg

from nba_pipeline.league.seasons import Season, season_label, start_year
from nba_pipeline.orchestration.checks import fresh_version, weekly_happened

EASTERN = ZoneInfo("America/New_York")
SEASON_STARTS_IN = 10
"""October; until then the season before is the current one."""

TUNING, WEEKLY = dg.AssetSelection.groups("tuning"), dg.AssetSelection.groups("weekly")

pipeline = dg.define_asset_job(
    "pipeline",
    selection=dg.AssetSelection.all() - TUNING - WEEKLY,
    description="Raw archive to a registered model version.",
)

weekly_retrain = dg.define_asset_job(
    "weekly_retrain",
    selection=dg.AssetSelection.all(),
    description="The current season's tables and features anew, the nets on the chosen seasons and it, active tuned models, the record.",
)

version_freshness = dg.define_asset_job(
    "version_freshness", selection=dg.AssetSelection.checks(fresh_version, weekly_happened), description="Only the two checks."
)

tune_models = dg.define_asset_job(
    "tune_models", selection=TUNING, description="Active tuned models on the tables that are there; nothing upstream is built."
)

JOBS = [pipeline, weekly_retrain, version_freshness, tune_models]


def current_season(now: datetime) -> Season:
    """The season of a moment: from October on the one that starts that year."""
    eastern = now.astimezone(EASTERN)
    return season_label(eastern.year if eastern.month >= SEASON_STARTS_IN else eastern.year - 1)


def retrain_seasons(chosen: Sequence[Season], built: Sequence[Season], current: Season) -> str:
    """The chosen seasons, every one built since, and the current one, as `NBA_SEASONS` writes them."""
    since = {season for season in built if chosen[-1] < season <= current}
    return ",".join(sorted({*chosen, *since, current}, key=start_year))
