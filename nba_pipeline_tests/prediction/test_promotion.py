"""A candidate and the version in use forecast the same new games, and only a candidate that is not worse replaces it."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from nba_pipeline.evaluation.metrics import log_losses
from nba_pipeline.models.artifacts import read_torch, write_json, write_torch
from nba_pipeline.models.forecasts.serving import served
from nba_pipeline.models.registry import ModelRegistry
from nba_pipeline.models.versions.candidates import FACTS, PREDICTIONS, promote, read_candidate
from nba_pipeline.models.versions.info import VersionInfo
from nba_pipeline.prediction.promotion import judge_candidate, unseen_games
from nba_pipeline.warehouse.store import Warehouse
from nba_pipeline_tests.prediction import small_league
from nba_pipeline_tests.prediction.conftest import writable

TEST_GAMES = 112


@pytest.fixture
def league(registered: Warehouse, tmp_path: Path) -> Warehouse:
    """The small league with v1.0.0, and models that may be written to."""
    return writable(registered, tmp_path / "data")


@pytest.fixture
def candidate(league: Warehouse) -> Path:
    """What v1.0.0 was made of."""
    (folder,) = (league.root / "models" / "candidates").iterdir()
    return folder


@pytest.fixture
def enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes the games of the small league for enough."""
    monkeypatch.setattr("nba_pipeline.evaluation.promotion.MINIMUM_GAMES", 100)


def changed(candidate: Path, **facts: object) -> Path:
    """The candidate with other facts."""
    write_json(candidate / FACTS, read_candidate(candidate) | facts)
    return candidate


def calling_the_loser(candidate: Path) -> Path:
    """The candidate with a net that says the opposite of what it learned, and serves it."""
    facts, states = read_candidate(candidate), ModelRegistry(candidate.parents[1]).load_model("v1.0.0")
    states["fusion"]["skip.win_weights"] = -states["fusion"]["skip.win_weights"]
    files = facts["files"] | {"fusion": write_torch(candidate / "fusion.pt", states["fusion"])}
    return changed(candidate, files=files, serving=facts["serving"] | {"pregame": "net"})


def with_other_lineup_net(candidate: Path) -> Path:
    """The candidate with one weight of its lineup net a little off: other files, all but the same forecasts."""
    facts = read_candidate(candidate)
    state = read_torch(candidate / "gnn.pt")
    next(value for value in state.values() if value.is_floating_point()).view(-1)[0] += 1e-6
    return changed(candidate, files=facts["files"] | {"gnn": write_torch(candidate / "gnn.pt", state)})


def put_in_use(league: Warehouse, **instead: object) -> VersionInfo:
    """v1.1.0: v1.0.0 with something else about it."""
    registry = ModelRegistry(league.root / "models")
    info = registry.info("v1.0.0")
    networks = {"networks": (info.config or {})["networks"]}
    said = {"metrics": info.metrics, "config": info.config, "serving": info.serving} | instead
    said["config"] = networks | said["config"]
    return registry.save_model("v1.1.0", models=registry.load_model("v1.0.0"), source="simulated", **said)  # pyright: ignore


def test_the_first_version_has_nothing_to_be_compared_with(league: Warehouse, candidate: Path):
    empty = Warehouse(league.root / "elsewhere", "simulated")
    assert judge_candidate(empty, candidate).to_dict() == {"promoted": True, "reason": "the first version"}


@pytest.mark.usefixtures("enough")
def test_the_same_training_again_differs_by_nothing_and_is_used(league: Warehouse, candidate: Path):
    judged = judge_candidate(league, candidate)
    assert judged.difference is not None and (judged.difference.mean, judged.difference.games) == (0.0, TEST_GAMES)
    assert judged.promoted and judged.reason.endswith("equal to v1.0.0") and judged.left_out == 0
    other = with_other_lineup_net(candidate)
    version = promote(league.root / "models", other, judged)
    assert version.version == ModelRegistry(league.root / "models").latest() == "v1.1.0"
    assert json.loads((league.root / "models" / "v1.1.0" / "metadata.json").read_text())["comparison"] == judged.to_dict()


def test_the_same_weights_are_one_version_however_often_they_are_registered(league: Warehouse, candidate: Path):
    registry = ModelRegistry(league.root / "models")
    assert promote(registry.root, candidate).version == "v1.0.0"
    assert [info.version for info in registry.list_versions()] == ["v1.0.0"]


def test_weights_whose_version_is_damaged_are_registered_again(league: Warehouse, candidate: Path):
    (league.root / "models" / "v1.0.0" / "gnn.pt").write_bytes(b"damaged")
    assert promote(league.root / "models", candidate).version == "v1.1.0"


@pytest.mark.usefixtures("enough")
def test_a_worse_candidate_is_registered_and_kept_back_week_after_week(league: Warehouse, candidate: Path):
    registry, worse = ModelRegistry(league.root / "models"), calling_the_loser(candidate)
    for version in ("v1.1.0", "v1.2.0"):
        judged = judge_candidate(league, with_other_lineup_net(worse))
        assert not judged.promoted and judged.difference is not None and judged.difference.mean > 0.05
        info = promote(registry.root, worse, judged)
        assert (info.version, info.is_accepted, info.is_kept_back) == (version, True, True)
        assert registry.latest() == "v1.0.0" and info.parent_version == "v1.0.0"
    assert "worse than v1.0.0" in info.standing(in_use=False)


def test_with_too_few_games_the_criteria_alone_decide(league: Warehouse, candidate: Path):
    judged = judge_candidate(league, calling_the_loser(candidate))
    assert judged.promoted and f"{TEST_GAMES} games: fewer than 500 say nothing" in judged.reason


@pytest.mark.usefixtures("enough")
def test_each_is_judged_by_what_it_serves(league: Warehouse, candidate: Path):
    facts = read_candidate(candidate)
    ours, theirs = "net", "elo"
    changed(candidate, serving=facts["serving"] | {"pregame": ours})
    put_in_use(league, serving=facts["serving"] | {"pregame": theirs})
    stored = pl.read_parquet(candidate / PREDICTIONS).filter(pl.col("part") == "test", pl.col("instant") == "pregame")
    losses = [
        log_losses(served(stored, name)["p_home_win"].to_numpy(), stored["home_win"].cast(float).to_numpy()) for name in (ours, theirs)
    ]
    found = judge_candidate(league, candidate)
    assert found.difference is not None and found.against == "v1.1.0"
    assert found.difference.mean == pytest.approx((losses[0] - losses[1]).mean(), abs=1e-6)
    assert abs(found.difference.mean) > 1e-4, "they would not be told apart"


def test_games_that_the_version_in_use_has_learned_are_left_out(league: Warehouse, candidate: Path):
    """It has seen half of the candidate's test games."""
    config = read_candidate(candidate)["config"]
    dates = pl.read_parquet(candidate / PREDICTIONS).filter(pl.col("part") == "test", pl.col("instant") == "pregame")["game_date"].sort()
    last = dates[TEST_GAMES // 2]
    split = config["split"] | {"validation": config["split"]["validation"] | {"last": str(last)}}
    info = put_in_use(league, config=config | {"split": split})
    assert info.learned_until == last
    judged, new = judge_candidate(league, candidate), int((dates > last).sum())
    assert judged.difference is not None and 0 < new < TEST_GAMES
    assert (judged.difference.games, judged.left_out) == (new, TEST_GAMES - new)


def test_a_week_learns_more_than_the_week_before_and_is_compared_on_all_of_its_last_games(league: Warehouse, tmp_path: Path):
    """The same training with the last sixty games of the season and without them."""
    (tmp_path / "earlier").mkdir()
    earlier = small_league.write_earlier_league(league, tmp_path / "earlier", games=60)
    before, now = (small_league.train(one, "last_games") for one in (earlier, league))
    assert before.weights_sha256 != now.weights_sha256
    config, dates = read_candidate(before.path)["config"], unseen_games(now.path)["game_date"]
    info = put_in_use(league, config=config)
    until = info.learned_until
    assert info.split_by == "last_games" and until == date.fromisoformat(config["split"]["validation"]["last"])
    assert until < date.fromisoformat(config["split"]["test"]["first"]) <= dates.min()  # pyright: ignore[reportOperatorIssue]
    judged = judge_candidate(league, now.path)
    assert judged.difference is not None and judged.left_out == 0
    assert judged.difference.games == len(dates) >= 500, "enough to decide"


@pytest.mark.parametrize(
    ("instead", "why"),
    [
        ({"config": {}}, "v1.1.0 does not say what it learned"),
        ({"config": {"split": {"train": {"last": "2030-01-01"}}}}, "0 games are new to both it and v1.1.0"),
        ({"serving": None}, "v1.1.0 cannot be used (v1.1.0 was registered without what its use needs"),
    ],
)
def test_where_nothing_can_be_compared_the_criteria_alone_decide_and_it_says_why(
    league: Warehouse, candidate: Path, instead: dict, why: str
):
    put_in_use(league, **instead)
    judged = judge_candidate(league, candidate)
    assert judged.promoted and judged.difference is None
    assert judged.reason.startswith(why) and judged.reason.endswith("the acceptance criteria alone decide")


def test_a_damaged_version_holds_no_other_back(league: Warehouse, candidate: Path):
    (league.root / "models" / "v1.0.0" / "gnn.pt").write_bytes(b"damaged")
    judged = judge_candidate(league, candidate)
    assert judged.promoted and "v1.0.0 cannot be used" in judged.reason and "gnn.pt" in judged.reason


def test_a_version_that_was_never_accepted_holds_no_other_back(league: Warehouse, candidate: Path):
    alone = Warehouse(league.root / "alone", "simulated")
    registry = ModelRegistry(alone.root / "models")
    info = ModelRegistry(league.root / "models").info()
    states = ModelRegistry(league.root / "models").load_model()
    registry.save_model(models=states, metrics={}, config=info.config, serving=info.serving, source="simulated")
    judged = judge_candidate(alone, candidate)
    assert judged.promoted and judged.reason == "v1.0.0 is insufficient: the acceptance criteria alone decide"


def test_what_was_validated_on_counts_as_learned():
    def until(**parts: str) -> date | None:
        return VersionInfo("v1.0.0", "", config={"split": {part: {"last": last} for part, last in parts.items()}}).learned_until

    assert until(train="2021-05-16", validation="2022-04-10", test="2023-04-09") == date(2022, 4, 10)
    assert until() is None and VersionInfo("v1.0.0", "").learned_until is None
