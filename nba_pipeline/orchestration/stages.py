"""Which runs a start is made of: ranges of seasons without gaps, earlier game logs first, models last.

What does not belong here: starting them (`launch.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import dagster as dg

from nba_pipeline.league.seasons import Season, start_year
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.sources.layout import TEAM_LOG

FIRST_LOG_SEASON: Season = "2012-13"
"""Ratings start from the game logs of this season."""

LOG_TABLES = ("raw_archive", "games", "player_game_stats")


@dataclass(frozen=True)
class Stage:
    """One run of a start.

    Attributes:
        title: what a person reads.
        assets: what it materialises.
        seasons: a range without gaps; empty for a run over unpartitioned assets, or over one other partition.
        partition: that partition.
    """

    title: str
    assets: tuple[str, ...]
    seasons: tuple[Season, ...] = ()
    partition: str = ""


def earlier_logs(archive: RawArchive, first: Season) -> list[Season]:
    """Seasons before `first` whose game log is there to start ratings from."""
    return [season for season in archive.seasons(TEAM_LOG.name) if FIRST_LOG_SEASON <= season < first]


def plan(earlier: Sequence[Season], seasons: Sequence[Season], job: dg.JobDefinition) -> list[Stage]:
    """The runs of a start: logs of earlier seasons, then the chosen seasons range by range, models with the last."""
    stages = [Stage(f"game logs {span(part)}", LOG_TABLES, part) for part in without_gaps(earlier)]
    *parts, last = without_gaps(seasons)
    graph = job.asset_layer.asset_graph
    selected = job.asset_layer.selected_asset_keys & graph.materializable_asset_keys
    everything = tuple(sorted(key.to_user_string() for key in selected))
    tables = tuple(name for name in everything if graph.get(dg.AssetKey(name)).group_name not in ("models", "predictions", "sql"))
    return [*stages, *(Stage(span(part), tables, part) for part in parts), Stage(span(last), everything, last)]


def without_gaps(seasons: Sequence[Season]) -> list[tuple[Season, ...]]:
    """Cuts seasons, in time order, where one is missing: a partition range has no gaps."""
    parts: list[list[Season]] = []
    for season in seasons:
        if parts and start_year(season) == start_year(parts[-1][-1]) + 1:
            parts[-1].append(season)
        else:
            parts.append([season])
    return [tuple(part) for part in parts]


def span(seasons: Sequence[Season]) -> str:
    """First and last season, as people write a range."""
    return seasons[0] if len(seasons) == 1 else f"{seasons[0]} … {seasons[-1]}"
