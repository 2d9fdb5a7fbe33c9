"""How much each window has to say, season by season, as a person can look at it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from nba_pipeline.features.era_form import TARGETS
from nba_pipeline.windows.meta_fitting import Meta, MetaRows


def weights_by_season(meta: Meta, rows: MetaRows) -> list[dict[str, Any]]:
    """Mean weight of each window in each season: season, window and one column a target; windows without a say are left out."""
    answer = []
    for season in dict.fromkeys(rows.rows.seasons):
        of_season = rows.where(rows.rows.seasons == season)
        for name, weights in zip(meta.windows, meta.weights(of_season), strict=True):
            if np.any(weights > 0):
                answer.append({"season": str(season), "window": name, **dict(zip(TARGETS, map(float, weights), strict=True))})
    return answer


def weight_matrix(weights: Sequence[Mapping[str, Any]], target: str) -> pl.DataFrame:
    """`weights_by_season` of one target with a row per window and a column per season; 0 where a window had no say."""
    frame = pl.DataFrame(list(weights), schema={"season": pl.String, "window": pl.String, **dict.fromkeys(TARGETS, pl.Float64)})
    return frame.pivot(on="season", index="window", values=target).fill_null(0.0).sort("window")
