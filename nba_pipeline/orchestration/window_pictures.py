"""Tables and heat maps of windows and meta-learner, for the metadata of their assets. What they mean is `windows`' business."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg

from nba_pipeline.features.era_form import TARGETS
from nba_pipeline.orchestration.metadata import Scalar, number_metadata, table_metadata

if TYPE_CHECKING:
    from nba_pipeline.windows.backtest import Backtest
    from nba_pipeline.windows.ensemble import Ensemble


def ensemble_rows(ensemble: "Ensemble") -> list[dict[str, Scalar]]:
    """A line per window."""
    return [_shown(one.to_row()) for one in ensemble.windows]


def weight_pictures(weights: Sequence[Mapping[str, Any]]) -> dict[str, dg.MetadataValue]:
    """A heat map per target: windows down, seasons across, the weight as a shade."""
    from nba_pipeline.evaluation.plots import as_markdown_image, heat_map
    from nba_pipeline.windows.weights import weight_matrix

    pictures = {target: heat_map(weight_matrix(weights, target), f"Weights, {target}") for target in TARGETS if weights}
    return {f"weights_{target}": dg.MetadataValue.md(as_markdown_image(png, "weights")) for target, png in pictures.items()}


def score_tables(found: "Backtest") -> dict[str, dg.MetadataValue]:
    """Scores against the moving average and against the whole meta-learner, and its errors as numbers that the UI plots."""
    from nba_pipeline.windows.backtest import FULL

    numbers = {f"{one.target}_mae": one.mae for one in found.against_average if one.forecast == FULL}
    return {
        **number_metadata({**numbers, "fallback_rows": found.fallback}),
        "against_average": table_metadata([_shown(one.to_dict()) for one in found.against_average]),
        "against_full": table_metadata([_shown(one.to_dict()) for one in found.against_full]),
        "by_season": table_metadata([_shown(one) for one in found.by_season]),
    }


def _shown(row: Mapping[str, Any]) -> dict[str, Scalar]:
    return {name: "" if value is None else value for name, value in row.items()}
