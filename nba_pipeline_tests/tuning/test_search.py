"""Both searches find a planted optimum, from whichever side; an interrupted study goes on, a shared one is counted once."""

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from nba_pipeline.tuning.bayesian_search import BayesianSearch
from nba_pipeline.tuning.budget import Budget
from nba_pipeline.tuning.classes.elo import estimator
from nba_pipeline.tuning.folds import Fold
from nba_pipeline.tuning.grid_search import grid_search
from nba_pipeline.tuning.importance import parameter_importance
from nba_pipeline.tuning.model_class import model_class
from nba_pipeline.tuning.prepared_rows import PreparedRows
from nba_pipeline.tuning.search_space import Range, read_space
from nba_pipeline.tuning.trials import Params, SearchError, Trial, best_of, optimism, trials_table

ROOT = Path(__file__).resolve().parents[2]
FOLDS = [Fold(np.arange(row), np.array([row]), date(2020, 1, row), date(2020, 1, row)) for row in (1, 2, 3)]
SPACE = {"x": Range(-10, 10), "y": Range(0.0, 1.0), "kind": ["good", "bad"], "rate": Range(1e-4, 1.0, log=True)}


def planted(params: Params, fold: Fold) -> tuple[float, float]:
    """Smallest at x 3, y .25, kind good, rate .01; the worst place is the far corner."""
    x, y, rate = (float(str(params.get(name, 0.01))) for name in ("x", "y", "rate"))
    loss = 0.6 + 0.001 * (x - 3) ** 2 + 0.05 * (y - 0.25) ** 2 + 0.01 * (params.get("kind") == "bad") + 0.002 * np.log10(rate / 0.01) ** 2
    return loss + 0.001 * len(fold.train), 0.5


def test_a_grid_finds_the_smallest_loss():
    trials = grid_search(read_space({"x": [-10, 3, 10], "y": Range(0.0, 1.0, step=0.25)}), FOLDS, planted)
    assert (len(trials), dict(best_of(trials).params)) == (15, {"x": 3, "y": 0.25})
    assert optimism(trials) > 0
    assert trials_table(trials)["loss"].is_sorted()


def test_the_bayesian_search_comes_near_it_and_keeps_kinds(tmp_path: Path):
    trials = BayesianSearch(tmp_path / "s.db", "planted", read_space(SPACE)).run(40, FOLDS, planted)
    best = best_of(trials).params
    assert len(trials) == 40 and any(trial.pruned for trial in trials)
    assert best["kind"] == "good" and isinstance(best["x"], int) and abs(best["x"] - 3) <= 2
    assert abs(float(str(best["y"])) - 0.25) < 0.3 and 1e-4 <= float(str(best["rate"])) <= 1
    assert best_of(trials).loss < np.median([trial.loss for trial in trials])
    rates = np.log10([float(str(trial.params["rate"])) for trial in trials[:10]])
    assert (rates < -2).sum() >= 2, "a log scale tries small numbers as often as large ones"


def test_steps_of_decimals_are_exact(tmp_path: Path):
    space = read_space({"y": {"low": 0.1, "high": 0.7, "step": 0.1}})
    tried = {trial.params["y"] for trial in BayesianSearch(tmp_path / "s.db", "steps", space).run(15, FOLDS, planted)}
    assert tried <= {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7}


def test_what_is_given_is_tried_first(tmp_path: Path):
    given = {"x": 3, "y": 0.25, "kind": "good", "rate": 0.01}
    trials = BayesianSearch(tmp_path / "s.db", "given", read_space(SPACE), start_with=[given]).run(5, FOLDS, planted)
    assert trials[0].params == given == best_of(trials).params


def test_the_same_grid_in_scikit_learn_agrees(league: pl.DataFrame):
    from sklearn.model_selection import GridSearchCV

    prepared = PreparedRows.of(model_class("elo"), league, 3, None, 7)
    grid = {"k_factor": [5.0, 20.0, 60.0], "home_advantage": [0.0, 60.0]}
    ours = grid_search(read_space(grid), prepared.folds, prepared.score)
    pairs = [(fold.train, fold.test) for fold in prepared.folds]
    theirs = GridSearchCV(estimator(), grid, scoring="neg_log_loss", cv=pairs, refit=False)
    theirs.fit(prepared.rows[prepared.held_out.train], prepared.won[prepared.held_out.train])
    assert theirs.best_params_ == dict(best_of(ours).params)
    assert np.allclose(-theirs.cv_results_["mean_test_score"], [trial.loss for trial in ours])


WORKER = """
import sys, time
from pathlib import Path
from nba_pipeline.tuning.bayesian_search import BayesianSearch
from nba_pipeline.tuning.search_space import read_space
from nba_pipeline_tests.tuning.test_search import FOLDS, SPACE, planted
pause = float(sys.argv[2])
def slow(params, fold):
    time.sleep(pause)
    return planted(params, fold)
search = BayesianSearch(Path(sys.argv[1]), "shared", read_space(SPACE))
search.run(18, FOLDS, slow, lambda trial, of: print(trial.number, flush=True))
"""


def start(file: Path, pause: float) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", WORKER, str(file), str(pause)], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def same(trials: list[Trial]) -> list[tuple]:
    return [(dict(trial.params), trial.scores, trial.pruned) for trial in trials]


def test_a_killed_search_goes_on_as_if_nothing_had_happened(tmp_path: Path):
    whole = BayesianSearch(tmp_path / "whole.db", "shared", read_space(SPACE)).run(18, FOLDS, planted)
    worker = start(tmp_path / "killed.db", 0.05)
    assert worker.stdout is not None
    while worker.stdout.readline().strip() != "13":
        assert worker.poll() is None
    time.sleep(0.08)
    worker.kill()
    worker.communicate()
    resumed = BayesianSearch(tmp_path / "killed.db", "shared", read_space(SPACE))
    assert 14 <= len(resumed.finished()) < 18
    assert same(resumed.run(18, FOLDS, planted)) == same(whole)


def test_two_workers_share_a_study(tmp_path: Path):
    workers = [start(tmp_path / "shared.db", 0.03) for _ in range(2)]
    done = [set(worker.communicate(timeout=120)[0].split()) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    trials = BayesianSearch(tmp_path / "shared.db", "shared", read_space(SPACE)).finished()
    assert len(trials) == 18 and done[0] and done[1] and not done[0] & done[1]
    assert len({repr(trial.params) for trial in trials}) == 18, "nobody tried what another tried"


def test_a_failed_trial_leaves_its_place_to_another(tmp_path: Path):
    search = BayesianSearch(tmp_path / "s.db", "failing", read_space(SPACE))

    def fails(params: Params, fold: Fold) -> tuple[float, float]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        search.run(3, FOLDS, fails)
    assert search.finished() == []
    fresh = BayesianSearch(tmp_path / "t.db", "failing", read_space(SPACE)).run(3, FOLDS, planted)
    assert same(search.run(3, FOLDS, planted)) == same(fresh)


def test_a_spent_budget_ends_a_search_between_trials(tmp_path: Path):
    def slow(params: Params, fold: Fold) -> tuple[float, float]:
        time.sleep(0.02)
        return planted(params, fold)

    assert 1 <= len(grid_search(read_space({"x": Range(0, 20)}), FOLDS, slow, budget=Budget(0.2))) < 10
    assert len(BayesianSearch(tmp_path / "s.db", "b", read_space(SPACE)).run(50, FOLDS, slow, budget=Budget(0.01))) == 1


def test_pruned_trials_spend_a_budget_too():
    pruned = Trial(0, {}, ((0.6, 0.5),), 0.5, pruned=True)
    assert Budget(0.1).allows_another([]) and Budget(9.0).allows_another([pruned])
    assert not Budget(0.1).allows_another([pruned]), "another one as long would not end in time"
    assert Budget(0.1).allows_another([pruned, Trial(1, {}, ((0.6, 0.5),), 0.01)]), "whole trials tell more"


def test_a_search_without_a_whole_trial_has_no_best():
    with pytest.raises(SearchError, match="more trials or a larger budget"):
        best_of([Trial(0, {}, ((0.6, 0.5),), 1.0, pruned=True)])


def test_importance_names_what_mattered():
    importance = parameter_importance(
        grid_search(read_space({"x": Range(-10, 10, step=2), "y": [0.2, 0.25, 0.3], "same": 1}), FOLDS, planted)
    )
    assert list(importance) == ["x", "y"] and importance["x"] > 0.9 and sum(importance.values()) == pytest.approx(1)
    assert parameter_importance([]) == {}
