"""Pictures of a version's page as inline SVG: they need no file, and take their colours from the page, light or dark.

What does not belong here: numbers (`evaluation/`), and pictures for Dagster's metadata (`evaluation/plots.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np
import polars as pl

Point = tuple[float, float]
STEPS = (1, 2, 2.5, 5, 10)


@dataclass
class Plane:
    """A rectangle with two axes; things are drawn in the units of the axes.

    Attributes:
        title: what a screen reader says.
        x, y: ranges of the axes.
        x_label, y_label: what they are.
        width, height, left: in pixels; `left` is room for the labels of y.
    """

    title: str
    x: Point
    y: Point
    x_label: str = ""
    y_label: str = ""
    width: int = 460
    height: int = 300
    left: int = 52
    parts: list[str] = field(default_factory=list)

    def at(self, x: float, y: float) -> Point:
        """Pixels of a point."""
        across, down = self.width - self.left - 14, self.height - 54
        return (
            round(self.left + across * (x - self.x[0]) / (self.x[1] - self.x[0]), 1),
            round(12 + down * (1 - (y - self.y[0]) / (self.y[1] - self.y[0])), 1),
        )

    def line(self, points: Iterable[Point], kind: str) -> None:
        """Points joined by a line; `kind` is its class in the page's style."""
        joined = " ".join(f"{a},{b}" for a, b in (self.at(*point) for point in points))
        self.parts.append(f'<polyline class="{kind}" points="{joined}"/>')

    def area(self, upper: Sequence[Point], lower: Sequence[Point]) -> None:
        """The band between two lines."""
        joined = " ".join(f"{a},{b}" for a, b in (self.at(*point) for point in (*upper, *reversed(lower))))
        self.parts.append(f'<polygon class="band" points="{joined}"/>')

    def dot(self, point: Point, radius: float, about: str, kind: str = "dot") -> None:
        """A dot that says what it is when pointed at."""
        x, y = self.at(*point)
        self.parts.append(f'<circle class="{kind}" cx="{x}" cy="{y}" r="{radius:.1f}"><title>{escape(about)}</title></circle>')

    def text(self, x: float, y: float, words: str, anchor: str = "middle") -> None:
        """Words at pixels."""
        self.parts.append(f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>')

    def axes(self, x_ticks: Iterable[float] | None = None, y_ticks: Iterable[float] | None = None) -> None:
        """Both axes with ticks; round numbers unless some are given."""
        bottom = self.height - 42
        for tick in ticks(*self.x) if x_ticks is None else x_ticks:
            self.line(((tick, self.y[0]), (tick, self.y[1])), "grid")
            self.text(self.at(tick, 0)[0], bottom + 16, f"{tick:g}")
        for tick in ticks(*self.y) if y_ticks is None else y_ticks:
            self.line(((self.x[0], tick), (self.x[1], tick)), "grid")
            self.text(self.left - 7, self.at(0, tick)[1] + 4, f"{tick:g}", "end")
        self.text((self.left + self.width) / 2, self.height - 6, self.x_label)
        if self.y_label:
            x, y = 13, round((self.height - 42) / 2)
            self.parts.append(f'<text x="{x}" y="{y}" text-anchor="middle" transform="rotate(-90 {x} {y})">{escape(self.y_label)}</text>')

    def svg(self) -> str:
        """The picture."""
        box = f'viewBox="0 0 {self.width} {self.height}" role="img" aria-label="{escape(self.title)}"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{"".join(self.parts)}</svg>'


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round numbers between two others."""
    rough = (high - low) / wanted
    size = 10 ** np.floor(np.log10(rough))
    step = next(size * one for one in STEPS if size * one >= rough)
    return [float(round(value, 10)) for value in np.arange(np.ceil(low / step) * step, high + step / 1e6, step)]


def reliability(table: pl.DataFrame, title: str) -> str:
    """Share of wins against forecast, with the band in which true forecasts lie 95 % of the time.

    Args:
        table: as `calibration.reliability_table` returns it.
        title: of the picture.
    """
    plane = Plane(title, (0, 1), (0, 1), "forecast P(home win)", "share of home wins", height=340)
    rows = table.to_dicts()
    plane.axes()
    plane.area([(one["mean_forecast"], one["noise_high"]) for one in rows], [(one["mean_forecast"], one["noise_low"]) for one in rows])
    plane.line([(0, 0), (1, 1)], "diagonal")
    plane.line([(one["mean_forecast"], one["win_share"]) for one in rows], "first")
    most = max((one["games"] for one in rows), default=1)
    for one in rows:
        about = f"{one['games']} games, forecast {one['mean_forecast']:.3f}, won {one['win_share']:.3f}"
        plane.dot((one["mean_forecast"], one["win_share"]), 2.5 + 4 * (one["games"] / most) ** 0.5, about)
    return plane.svg()


def learning_curve(history: Mapping[str, Any], title: str) -> str:
    """Loss by epoch in training and validation; a line marks the epoch that was kept.

    Args:
        history: `TrainingHistory.to_dict()`.
        title: of the picture.
    """
    curves = {part: [(one["epoch"], one[part]["loss"]) for one in history["epochs"] if "loss" in one[part]] for part in ("train", "val")}
    losses = [loss for points in curves.values() for _, loss in points]
    low, high = min(losses), max(losses)
    room = 0.08 * (high - low) or 0.01
    last = max(1, history["epochs"][-1]["epoch"])
    plane = Plane(title, (0, last), (low - room, high + room), "epoch", "loss", left=66)
    plane.axes(x_ticks=range(0, last + 1, max(1, last // 8)))
    kept = history["best_epoch"]
    plane.line([(kept, plane.y[0]), (kept, plane.y[1])], "kept")
    for part, kind in (("train", "second"), ("val", "first")):
        plane.line(curves[part], kind)
        for epoch, loss in curves[part]:
            plane.dot((epoch, loss), 3, f"epoch {epoch}, {part} {loss:.4f}", f"dot {kind}")
    return plane.svg()


def intervals(rows: Sequence[Mapping[str, Any]], title: str, x_label: str) -> str:
    """Paired differences with their intervals, one line each; left of 0 the net is better.

    Args:
        rows: `forecast`, `net_minus`, `low`, `high`.
        title: of the picture.
        x_label: what is compared.
    """
    reach = max(1e-3, *(abs(one[side]) for one in rows for side in ("low", "high"))) * 1.08
    plane = Plane(title, (-reach, reach), (0, len(rows)), x_label, height=66 + 30 * len(rows), left=112)
    plane.axes(y_ticks=())
    plane.line([(0, 0), (0, len(rows))], "zero")
    for place, one in enumerate(rows):
        y = len(rows) - place - 0.5
        kind = "better" if one["high"] < 0 else "worse" if one["low"] > 0 else "even"
        plane.line([(one["low"], y), (one["high"], y)], f"whisker {kind}")
        plane.dot((one["net_minus"], y), 4.5, f"{one['net_minus']:+.4f} [{one['low']:+.4f}, {one['high']:+.4f}]", f"dot {kind}")
        plane.text(plane.left - 10, plane.at(0, y)[1] + 4, str(one["forecast"]).replace("_", " "), "end")
    return plane.svg()
