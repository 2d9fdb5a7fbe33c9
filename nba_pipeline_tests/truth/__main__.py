"""Holds the simulated league against the real one, and the pipeline against the simulated league's truth."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np
import polars as pl
from rich.console import Console

from nba_pipeline.evaluation.scores import NET
from nba_pipeline.features.player_rapm import RapmSettings
from nba_pipeline.league.seasons import parse_seasons
from nba_pipeline.models.versions.candidates import PREDICTIONS
from nba_pipeline.orchestration.candidates import NoCandidateError, latest_candidate
from nba_pipeline.orchestration.launch import dagster_instance
from nba_pipeline.settings import Settings
from nba_pipeline.sources.archive import RawArchive
from nba_pipeline.sources.simulator import ensure_season
from nba_pipeline.sources.simulator.season import simulate_season
from nba_pipeline_tests.tiny_league.tables import season_tables
from nba_pipeline_tests.truth.averages import league_averages
from nba_pipeline_tests.truth.forecasts import ORACLE, Replay, replay
from nba_pipeline_tests.truth.page import page
from nba_pipeline_tests.truth.plus_minus import UNSHRUNK, Recovery, drawn, expected, points_sd, recovery, scored

PAGE = Path(__file__).resolve().parents[2] / "docs" / "simulated_league.md"
SEASONS = "2016-17:2022-23"
DRAWS = 4


@click.command()
@click.option("--seasons", default=SEASONS, show_default=True, help="Seasons for the averages; plus-minus takes the last three.")
@click.option("--games", default=300, show_default=True, help="Held-out match-ups that are played again.")
@click.option("--times", default=1000, show_default=True, help="How often each is played.")
@click.option("--page", "path", default=PAGE, type=click.Path(path_type=Path), help="Markdown file to write; docs/simulated_league.md.")
def main(seasons: str, games: int, times: int, path: Path) -> None:
    """Needs the simulated run (make run) for the forecasts; exits with 1 if the net is not between oracle and home rate."""
    console, chosen = Console(width=None if sys.stdout.isatty() else 120), parse_seasons(seasons)
    settings = Settings(source="simulated", archive_dir=None)
    with TemporaryDirectory(prefix="nba_truth_") as scratch, console.status("Simulating"):
        for season in chosen:
            ensure_season(Path(scratch), season, settings.league_seed)
        archive = RawArchive(Path(scratch))
        averages = league_averages(archive, chosen)
        found = {season: recoveries(archive, season, settings.league_seed) for season in chosen[-3:]}
    with console.status(f"Playing {games} match-ups {times:,} times each"):
        replays = replay(_forecasts(settings), settings.league_seed, games, times)
    path.write_text(page(averages, seasons, found, replays))
    console.print(path.read_text(), markup=False, highlight=False, soft_wrap=True)
    console.print(f"Written to {path}", highlight=False, soft_wrap=True)
    sys.exit(not in_order(replays))


def recoveries(archive: RawArchive, season: str, seed: int) -> tuple[Recovery, Recovery, float]:
    """Plus-minus of one season on expected and on scored points, and the mean correlation on Gaussian draws."""
    truth, tables, rng = simulate_season(season, seed), season_tables(archive, season), np.random.default_rng(seed)
    mean, sd = expected(truth, tables), points_sd(truth, tables)
    gaussian = [recovery(truth, tables, drawn(mean, tables, sd, rng), RapmSettings()).r for _ in range(DRAWS)]
    return recovery(truth, tables, mean, UNSHRUNK), recovery(truth, tables, scored(tables), RapmSettings()), float(np.mean(gaussian))


def in_order(replays: Replay) -> bool:
    """Whether the oracle is at least as good as the net, and the net better than the home rate."""
    return replays.loss(ORACLE) <= replays.loss(NET) < replays.loss("home_rate")


def _forecasts(settings: Settings) -> pl.DataFrame:
    """Forecasts before tip-off of the last season that the newest simulated candidate was tested on."""
    try:
        with dagster_instance(settings) as instance:
            candidate = latest_candidate(instance)
    except NoCandidateError as error:
        raise click.UsageError(str(error)) from error
    predictions = pl.read_parquet(candidate / PREDICTIONS).filter(pl.col("instant") == "pregame")
    return predictions.filter(pl.col("season") == pl.col("season").max())


if __name__ == "__main__":
    main()
