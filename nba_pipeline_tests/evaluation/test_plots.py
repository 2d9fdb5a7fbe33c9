import base64
import subprocess
import sys
from datetime import date

import numpy as np
import polars as pl
import pytest

from nba_pipeline.evaluation.calibration import reliability_table
from nba_pipeline.evaluation.plots import (
    as_markdown_image,
    forecast_comparison,
    growing_costs,
    importance_bars,
    learning_curve,
    reliability_diagram,
)

PNG = b"\x89PNG\r\n\x1a\n"


def scores() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "instant": "pregame",
            "forecast": ["net", "elo", "home_rate"],
            "metric": "log_loss",
            "value": [0.62, 0.63, 0.68],
            "net_minus": [None, -0.01, -0.06],
            "low": [None, -0.02, -0.08],
            "high": [None, 0.001, -0.04],
        }
    )


def costs() -> pl.DataFrame:
    return pl.DataFrame({"day": [date(2024, 1, 1), date(2024, 1, 9), date(2024, 1, 9)], "asset": ["a", "a", "b"], "cost": [1.0, 3.0, 0.5]})


def pictures() -> list[bytes]:
    p = np.random.default_rng(0).uniform(0.1, 0.9, 500)
    return [
        reliability_diagram(reliability_table(p, p > 0.5)),
        learning_curve({"train": [0.7, 0.65], "validation": [0.69, 0.66]}, best_epoch=2),
        forecast_comparison(scores(), "pregame"),
        growing_costs(costs()),
    ]


def test_pictures_are_small_pngs() -> None:
    for picture in pictures():
        assert picture.startswith(PNG) and 2_000 < len(picture) < 40_000


@pytest.mark.parametrize(
    "picture",
    [lambda: learning_curve({}), lambda: forecast_comparison(scores().head(1), "pregame"), lambda: growing_costs(costs().clear())],
)
def test_nothing_to_show_is_an_empty_picture(picture) -> None:
    assert picture().startswith(PNG)


def test_what_is_drawn_changes_the_picture() -> None:
    assert learning_curve({"train": [0.7, 0.6]}) != learning_curve({"train": [0.6, 0.7]})
    assert growing_costs(costs()) != growing_costs(costs().head(2))


def test_importance_is_a_picture() -> None:
    assert importance_bars({"k_factor": 0.7, "home_advantage": 0.3}).startswith(PNG)


def test_markdown_holds_the_picture_itself() -> None:
    text = as_markdown_image(PNG, "loss")
    assert text.startswith("![loss](data:image/png;base64,")
    assert base64.b64decode(text.split("base64,")[1].rstrip(")")) == PNG


def test_importing_evaluation_loads_no_matplotlib() -> None:
    modules = "calibration closing_line comparison criteria metrics plots scores"
    load = f"for name in {modules.split()!r}: importlib.import_module('nba_pipeline.evaluation.' + name)"
    code = f"import sys, importlib\n{load}\nprint('matplotlib' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
