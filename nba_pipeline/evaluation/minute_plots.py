"""The picture of how good forecasts are minute by minute, as PNG bytes.

What does not belong here: the numbers (`minutes.py`), pictures of other things (`plots.py`).
"""

import io
from typing import TYPE_CHECKING

import polars as pl

from nba_pipeline.evaluation.scores import NET

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PANELS = (("brier_score", "Brier score"), ("margin_mae", "margin MAE, points"), ("total_mae", "total MAE, points"))
_COLOURS = ("tab:blue", "tab:orange", "0.45", "tab:green", "tab:red")


def minute_curves(table: pl.DataFrame, title: str = "") -> bytes:
    """Brier score, margin and total error of every forecast by minute, and the net's calibration error beside its noise.

    Args:
        table: as `minutes.score_minutes` returns it.
        title: above the picture.
    """
    from matplotlib.figure import Figure

    by_minute = table.filter(pl.col("minute").is_not_null()).sort("minute")
    figure = Figure(figsize=(9, 5.6), dpi=80, layout="constrained")
    figure.suptitle(title, fontsize=10)
    panels = list(figure.subplots(2, 2).flat)
    for axes, (metric, label) in zip(panels, _PANELS, strict=False):
        _errors(axes, by_minute.filter(pl.col("metric") == metric), label)
    _calibration(panels[-1], by_minute.filter((pl.col("metric") == "ece") & (pl.col("forecast") == NET)))
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()


def _errors(axes: "Axes", rows: pl.DataFrame, label: str) -> None:
    for name, colour in zip(rows["forecast"].unique(maintain_order=True), _COLOURS, strict=False):
        one = rows.filter(pl.col("forecast") == name)
        axes.plot(one["minute"].to_numpy(), one["value"].to_numpy(), color=colour, linewidth=1.8 if name == NET else 1, label=name)
    axes.set(xlabel="minute", title=label, xticks=range(0, 49, 12))
    axes.legend(frameon=False, fontsize=8)


def _calibration(axes: "Axes", rows: pl.DataFrame) -> None:
    minute = rows["minute"].to_numpy()
    axes.fill_between(minute, rows["noise_p50"].to_numpy(), rows["noise_p99"].to_numpy(), color="0.85", label="if true: median to p99")
    axes.plot(minute, rows["value"].to_numpy(), color=_COLOURS[0], linewidth=1.8, label=NET)
    axes.set(xlabel="minute", title="calibration error of P(home win)", xticks=range(0, 49, 12), ylim=(0, None))
    axes.legend(frameon=False, fontsize=8)
