"""`nba tune`: searches the parameters of a class of models, judges the best and registers it."""

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from nba_pipeline.cli.output import RefusedError, console, json_option, plain_errors, print_json, print_table, read_settings
from nba_pipeline.cli.tune_fusion import fusion

CLASSES = {
    "elo": "Ratings from results alone: k_factor, home_advantage, mean_reversion.",
    "logistic": "Ratings, rest days, streaks, same division, same conference: C.",
    "lightgbm": "Boosted trees on the context features, or on the numeric columns of a file.",
    "xgboost": "The same with XGBoost, which is an extra.",
}


HELD_OUT_HELP = "First held-out day; when not given the last 500 games, at most a fifth, and with --games the last fifth."


@click.group()
def tune() -> None:
    """Tune models on folds in time order; what is reported comes from a last block of games that the search never saw.

    \b
    Examples:
      nba tune elo                                       the class's grid, on the tables that are there
      nba tune elo --method bayesian --trials 50         Optuna; an interrupted search goes on when started again
      nba tune elo --space '{"k_factor": [16, 20, 24], "home_advantage": {"low": 50, "high": 110, "step": 10}}'
      nba tune lightgbm --method bayesian --budget 10    stops after ten minutes
      nba tune logistic --games handball.csv --name handball    another league: date, home, away, home_score, away_score
      nba tune fusion --trials 6                         the net's few knobs
      nba models versions elo                            what came of it

    \b
    Exit codes: 0 a version is registered; 1 it failed; 2 wrong usage, or no games to learn from.
    """


def _command(class_name: str, about: str) -> click.Command:
    @click.option("--name", default=class_name, show_default=True, help="Model of the registry; made when there is none.")
    @click.option("--method", type=click.Choice(["grid", "bayesian"]), default="grid", show_default=True)
    @click.option("--trials", type=click.IntRange(min=1), default=50, show_default=True, help="Of a Bayesian search.")
    @click.option("--folds", type=click.IntRange(min=2), default=5, show_default=True, help="Blocks of dates to judge on.")
    @click.option("--space", help="JSON: lists of choices, or low, high and step or log; the class's own when not given.")
    @click.option("--games", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A CSV or Parquet file of another league.")
    @click.option("--date-format", help="How dates are written in the file, such as %d/%m/%Y; ISO when not given.")
    @click.option("--seasons", default="", help="2012-13:2021-22 or a list; every season on disk when not given.")
    @click.option("--held-out-from", type=click.DateTime(["%Y-%m-%d"]), help=HELD_OUT_HELP)
    @click.option("--gap-days", type=click.IntRange(min=0), default=7, show_default=True, help="Left out before each judged block.")
    @click.option("--budget", type=click.FloatRange(min=0, min_open=True), help="Minutes that the search may take.")
    @json_option
    def command(games: Path | None, date_format: str | None, held_out_from: datetime | None, as_json: bool, **asked: Any) -> None:
        asked |= {"held_out_from": f"{held_out_from:%Y-%m-%d}" if held_out_from else "", "space": _space(class_name, asked["space"])}
        if games is None:
            result = _on_the_pipeline(class_name, asked, quiet=as_json)
        else:
            result = _on_a_file(class_name, games, date_format, asked, quiet=as_json)
        print_json(result) if as_json else _show(result)

    return click.command(class_name, help=f"{about}\n\nExit codes: 0 registered; 1 failed; 2 wrong usage, or no games to learn from.")(
        command
    )


for one, about in CLASSES.items():
    tune.add_command(_command(one, about))
tune.add_command(fusion)


def _space(class_name: str, text: str | None) -> dict[str, Any]:
    """What is asked for; refused here, so that no run starts over a slip of the pen."""
    if not text:
        return {}
    from nba_pipeline.tuning.model_class import MissingLibraryError, model_class
    from nba_pipeline.tuning.search_space import SearchSpaceError, read_space

    try:
        space = json.loads(text)
    except json.JSONDecodeError as error:
        raise RefusedError(f"--space is not JSON ({error}): write it as '{{\"k_factor\": [16, 20]}}'") from error
    if not isinstance(space, dict):
        raise RefusedError(f"--space is no object of names: write it as '{{\"k_factor\": [16, 20]}}', not {text}")
    with plain_errors(SearchSpaceError, MissingLibraryError):
        model_class(class_name).check(read_space(space))
    return space


def _on_the_pipeline(class_name: str, asked: Mapping[str, Any], *, quiet: bool) -> dict[str, Any]:
    """Materialises the asset of the class on the same Dagster instance as the UI."""
    settings = read_settings()
    from nba_pipeline.definitions import tuning_job
    from nba_pipeline.orchestration.home import DagsterHomeError
    from nba_pipeline.orchestration.launch import dagster_instance
    from nba_pipeline.orchestration.tune import tune_models

    with plain_errors(DagsterHomeError), dagster_instance(settings) as instance:
        code, result = tune_models(class_name, asked, instance, tuning_job, _quiet_console() if quiet else console)
    if result is None:
        sys.exit(code)
    return result


def _on_a_file(class_name: str, file: Path, date_format: str | None, asked: Mapping[str, Any], *, quiet: bool) -> dict[str, Any]:
    """Trains on other people's games; the model is in the same registry, under its own name."""
    from nba_pipeline.cli.tuning_bar import tuning_bar
    from nba_pipeline.tuning.folds import FoldError
    from nba_pipeline.tuning.game_table import GameTableError, read_games
    from nba_pipeline.tuning.model_class import MissingLibraryError
    from nba_pipeline.tuning.model_manager import ModelError, ModelManager
    from nba_pipeline.tuning.model_trainer import ModelTrainer
    from nba_pipeline.tuning.search_space import SearchSpaceError
    from nba_pipeline.warehouse.store import Warehouse

    settings = read_settings()
    known = (GameTableError, FoldError, SearchSpaceError, ModelError, MissingLibraryError)
    with plain_errors(*known), tuning_bar(console, quiet=quiet) as on_trial:
        trainer = ModelTrainer(ModelManager(Warehouse(settings.source_dir, settings.source)), on_trial=on_trial)
        result = trainer.train_model(
            asked["name"],
            class_name,
            read_games(file, date_format),
            asked["space"],
            asked["folds"],
            asked["method"],
            asked["trials"],
            held_out_from=datetime.fromisoformat(asked["held_out_from"]).date() if asked["held_out_from"] else None,
            gap_days=asked["gap_days"],
            budget_seconds=60 * asked["budget"] if asked["budget"] else None,
            source=f"file {file.name}",
        )
    return result.to_dict()


def _quiet_console() -> Any:
    from rich.console import Console

    return Console(stderr=True)


def _show(result: Mapping[str, Any]) -> None:
    numbers = result["metrics"]
    best = ", ".join(
        f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}" for name, value in result["best_params"].items()
    )
    console.print(f"{result['name']} v{result['version']}: {best}", markup=False, highlight=False, soft_wrap=True)
    folds = [{"fold": row, "log loss": loss, "accuracy": hit} for row, (loss, hit) in enumerate(_by_fold(numbers), start=1)]
    print_table("Folds", folds)
    console.print(
        f"folds: log loss {result['cv_log_loss']:.4f} ± {result['cv_log_loss_sd']:.4f}; {numbers['trials']} trials in "
        f"{numbers['search_seconds']:.0f} s, {numbers['trials_pruned']} given up early",
        highlight=False,
    )
    held_out = {
        name: numbers[name] for name in ("games", "accuracy", "log_loss", "brier_score", "ece", "ece_noise_p95", "home_rate_log_loss")
    }
    print_table(f"Held out, {numbers['first_day']} .. {numbers['last_day']}", [held_out])
    console.print(
        f"the best trial looks {result['optimism']:.4f} better than the median one; that much of its folds' loss may be luck\n"
        f"{'in use' if result['promoted'] else 'kept back'}: {result['reason']}\n{result['model_path']}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def _by_fold(numbers: Mapping[str, Any]) -> list[tuple[float, float]]:
    return list(zip(numbers["cv_log_loss_by_fold"], numbers["cv_accuracy_by_fold"], strict=True))
