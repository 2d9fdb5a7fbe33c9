"""Small pictures of how good forecasts are, as PNG bytes for metadata and reports.

The only module here that needs matplotlib, imported when a picture is drawn. Figures are made without pyplot: no global state, no
display. Numbers come from `scores`, `calibration` and the training history.
"""

import base64
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def reliability_diagram(table: pl.DataFrame, title: str = "Reliability") -> bytes:
    """Share of wins against forecast, with the band in which a true forecast would lie 95 % of the time.

    Args:
        table: as `calibration.reliability_table` returns it.
        title: above the picture.
    """
    figure, axes = _figure(title)
    forecast = table["mean_forecast"].to_numpy()
    axes.fill_between(forecast, table["noise_low"].to_numpy(), table["noise_high"].to_numpy(), color="0.85", label="95 % if true")
    axes.plot([0, 1], [0, 1], color="0.5", linewidth=0.8)
    axes.plot(forecast, table["win_share"].to_numpy(), "o-", color="tab:blue", markersize=4, label="share of wins")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="forecast P(home win)", ylabel="share of home wins")
    axes.legend(loc="upper left", frameon=False)
    return _as_png(figure)


def learning_curve(curves: Mapping[str, Sequence[float]], title: str = "Loss by epoch", best_epoch: int | None = None) -> bytes:
    """Losses epoch by epoch.

    Args:
        curves: values by name, such as `train` and `validation`; epochs count from 1.
        title: above the picture.
        best_epoch: marked with a line if given.
    """
    figure, axes = _figure(title)
    for name, values in curves.items():
        axes.plot(range(1, len(values) + 1), list(values), marker=".", label=name)
    if best_epoch is not None:
        axes.axvline(best_epoch, color="0.6", linestyle="--", linewidth=0.8, label="kept")
    axes.set(xlabel="epoch", ylabel="loss")
    if curves:
        axes.legend(frameon=False)
    return _as_png(figure)


def forecast_comparison(scores: pl.DataFrame, instant: str, metric: str = "log_loss") -> bytes:
    """The net minus each baseline on the same games, with 95 % intervals; bars left of 0 say that the net is better.

    Args:
        scores: as `scores.score_forecasts` returns it.
        instant: one of its instants.
        metric: one of its metrics that are losses.
    """
    rows = scores.filter((pl.col("instant") == instant) & (pl.col("metric") == metric) & pl.col("net_minus").is_not_null())
    rows = rows.sort("net_minus", "forecast", descending=True)
    figure, axes = _figure(f"Net minus baseline, {metric}, {instant}")
    middle = rows["net_minus"].to_numpy()
    reach = [(rows["net_minus"] - rows["low"]).clip(0).to_numpy(), (rows["high"] - rows["net_minus"]).clip(0).to_numpy()]
    axes.barh(rows["forecast"].to_list(), middle, xerr=reach, color="tab:blue", alpha=0.6, capsize=3)
    axes.axvline(0, color="0.3", linewidth=0.8)
    axes.set(xlabel=f"difference in {metric}")
    return _as_png(figure)


def importance_bars(importance: Mapping[str, float], title: str = "Importance of parameters") -> bytes:
    """Shares of the spread of losses, one bar a parameter.

    Args:
        importance: share by parameter, the largest first.
        title: above the picture.
    """
    figure, axes = _figure(title)
    axes.barh(list(importance)[::-1], list(importance.values())[::-1], color="tab:blue", alpha=0.6)
    axes.set(xlabel="share of the spread of losses", xlim=(0, 1))
    return _as_png(figure)


def growing_costs(costs: pl.DataFrame, title: str = "Cost of trainings so far") -> bytes:
    """Steps upwards, one line an asset, and their sum where there are several.

    Args:
        costs: `day`, `asset` and `cost` up to and with that day, sorted by asset and day; each asset has every day from its first on.
        title: above the picture.
    """
    figure, axes = _figure(title)
    lines = [(name, rows) for (name,), rows in costs.group_by("asset", maintain_order=True)]
    if len(lines) > 1:
        lines.append(("all", costs.group_by("day").agg(pl.col("cost").sum()).sort("day")))
    for name, rows in lines:
        (line,) = axes.plot(rows["day"].to_list(), rows["cost"].to_list(), drawstyle="steps-post", marker=".", label=str(name))
        if name == "all":
            line.set(color="0.3", linestyle="--")
    axes.set(ylabel="cost", ylim=(0, None))
    if lines:
        axes.legend(frameon=False, fontsize=7)
        figure.autofmt_xdate()
    return _as_png(figure)


def heat_map(values: pl.DataFrame, title: str) -> bytes:
    """A table of shares as shades, the darker the larger.

    Args:
        values: the names of the rows in the first column, one further column per column of the picture, numbers from 0.
        title: above the picture.
    """
    figure, axes = _figure(title, height=0.16 * values.height + 1.2)
    columns = values.columns[1:]
    shown = axes.imshow(values.select(columns).to_numpy(), aspect="auto", cmap="Blues", vmin=0)
    axes.set_xticks(range(len(columns)), columns, rotation=90, fontsize=6)
    axes.set_yticks(range(values.height), values[:, 0].to_list(), fontsize=6)
    figure.colorbar(shown)
    return _as_png(figure)


def as_markdown_image(png: bytes, alt: str = "plot") -> str:
    """A picture that needs no file: a markdown image with the PNG inside."""
    return f"![{alt}](data:image/png;base64,{base64.b64encode(png).decode()})"


def _figure(title: str, height: float = 3.2) -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, height), dpi=80, layout="constrained")
    axes = figure.subplots()
    axes.set_title(title, fontsize=10)
    return figure, axes


def _as_png(figure: "Figure") -> bytes:
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()
