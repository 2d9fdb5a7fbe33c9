import numpy as np
import polars as pl
import pytest

from nba_pipeline.models.forecasts.error_bands import LEVEL, SHARE_LEFT, ErrorBands


def held_out(spread: dict[str, float], games: int = 4000, seed: int = 0) -> pl.DataFrame:
    """Forecasts whose errors are normal with a known spread at each instant."""
    rng = np.random.default_rng(seed)
    return pl.concat(
        pl.DataFrame({"instant": [name] * games, "margin": np.zeros(games), "total": np.full(games, 220.0)}).with_columns(
            final_margin=pl.Series(rng.normal(0, sd, games)), final_total=pl.Series(rng.normal(220, 2 * sd, games))
        )
        for name, sd in spread.items()
    )


def test_the_interval_holds_four_results_in_five_of_other_games():
    spread = {name: 12 * share**0.5 for name, share in SHARE_LEFT.items()}
    bands, others = ErrorBands.fit(held_out(spread)), held_out(spread, seed=1)
    width = bands.half_widths(others["instant"].replace_strict(SHARE_LEFT, return_dtype=pl.Float64).to_numpy())
    before_the_end = (others["instant"] != "q4").to_numpy()
    for column, name in enumerate(("margin", "total")):
        inside = (others[f"final_{name}"] - others[name]).abs().to_numpy() <= width[:, column]
        assert inside[before_the_end].mean() == pytest.approx(LEVEL, abs=0.02)


def test_between_instants_the_width_follows_the_root_of_what_is_left():
    bands = ErrorBands.fit(held_out({name: 12 * share**0.5 for name, share in SHARE_LEFT.items()}))
    shares = np.linspace(0, 1, 50)
    widths = bands.half_widths(shares)
    assert (np.diff(widths, axis=0) >= 0).all()
    assert widths[10, 0] == pytest.approx(1.2816 * 12 * shares[10] ** 0.5, rel=0.1)


def test_without_plays_the_width_in_the_game_follows_from_that_before_it():
    bands = ErrorBands.fit(held_out({"pregame": 12.0}))
    assert bands.half_widths(np.array([0.25]))[0, 0] == pytest.approx(bands.margin[-1] / 2)
    assert ErrorBands.from_dict(bands.to_dict()) == bands
