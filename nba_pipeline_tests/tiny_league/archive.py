"""Plays the tiny league and writes it: names, columns, wordings and compression are the simulator's."""

from pathlib import Path
from typing import Final

import polars as pl

from nba_pipeline.league.seasons import Season
from nba_pipeline.sources.layout import PLAYER_INDEX, PLAYER_LOG, Dataset
from nba_pipeline.sources.simulator.files import index_frame, season_frames, write_frame
from nba_pipeline.sources.simulator.season import simulate_season
from nba_pipeline_tests.tiny_league.quirks import NOT_WRITTEN, PLANTED, SEASONS, a_size_is_unknown

CLUBS: Final = 6
"""The first six of `league.teams`. They meet each other four times a season, which makes sixty games."""


def write_archive(root: Path, seed: int = 1) -> Path:
    """Plays three seasons and writes them under `root`; the same seed gives the same bytes."""
    for season in SEASONS:
        frames = _played(season, seed)
        for dataset, frame in frames.items():
            write_frame(dataset.path(root, season), frame)
    write_frame(PLAYER_INDEX.path(root, None), a_size_is_unknown(index_frame(seed), frames[PLAYER_LOG]["PLAYER_ID"].min()))
    return root


def _played(season: Season, seed: int) -> dict[Dataset, pl.DataFrame]:
    """The rows of a season's files, as they are written."""
    frames = season_frames(simulate_season(season, seed, CLUBS))
    for dataset, seasons, plant in PLANTED:
        if season in seasons:
            frames[dataset] = plant(frames[dataset])
    return {dataset: frame for dataset, frame in frames.items() if dataset not in NOT_WRITTEN.get(season, ())}
