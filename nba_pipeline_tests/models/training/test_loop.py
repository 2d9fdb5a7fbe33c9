from pathlib import Path

import psutil
import pytest
import torch

from nba_pipeline.models import EpochMetrics, FusionTrainer, TrainingConfig
from nba_pipeline.models.artifacts import state_hash
from nba_pipeline.models.training.epoch_means import TrainingError
from nba_pipeline.models.training.loop import TrainingLoop
from nba_pipeline.models.training.pretraining import StintMarginTask, WinProbabilityTask
from nba_pipeline_tests.models.batches import Loader, random_batch, random_stints, small_net

FAST = TrainingConfig(learning_rate=3e-3)


def game_loaders() -> tuple[Loader, Loader]:
    return Loader([random_batch(16, seed, length=6) for seed in range(3)]), Loader([random_batch(16, 50, length=6)])


def trainer(config: TrainingConfig = FAST, **options: object) -> FusionTrainer:
    net = small_net()
    return FusionTrainer(net.transformer, net.gnn, net.fusion, config, device="cpu", **options)


class Killed(Exception):
    pass


def killed_after(epoch: int):
    def on_epoch(metrics: EpochMetrics) -> None:
        if metrics.epoch == epoch:
            raise Killed

    return on_epoch


def test_fit_keeps_the_best_epoch_and_tells_of_every_one():
    told: list[EpochMetrics] = []
    training = trainer(on_epoch=told.append)
    history = training.fit(*game_loaders(), epochs=4)
    assert [metrics.epoch for metrics in told] == [0, 1, 2, 3, 4] == [metrics.epoch for metrics in history.epochs]
    assert history.best_val_loss == min(history.curve("val"))
    assert history.epochs[0].train == {} and history.epochs[1].samples_per_second > 0
    assert set(history.best.val) == {
        "loss", "win", "margin", "points_total", "log_loss", "brier_score", "accuracy", "margin_mae", "total_mae",
    }  # fmt: skip
    with torch.inference_mode():
        again = training.loss_of(random_batch(16, 50, length=6))[1]["loss"]
    assert float(again) == pytest.approx(history.best_val_loss, abs=1e-6)


def test_the_training_loss_falls():
    history = trainer().fit(*game_loaders(), epochs=8)
    assert history.curve("train")[-1] < history.curve("train")[0]


def test_a_start_that_is_never_beaten_stays():
    training = trainer(TrainingConfig(learning_rate=1.0, patience=2))
    before = state_hash(training.net.state_dict())
    history = training.fit(*game_loaders(), epochs=9)
    assert history.best_epoch == 0 and history.stopped_early and history.last_epoch == 2
    assert state_hash(training.net.state_dict()) == before


@pytest.mark.parametrize("schedule", ["cosine", "plateau"])
def test_a_killed_fit_continues_to_the_same_bits(tmp_path: Path, schedule: str):
    config = TrainingConfig(learning_rate=3e-3, schedule=schedule, learnable_weights=True)
    whole = trainer(config)
    expected = whole.fit(*game_loaders(), epochs=4)
    with pytest.raises(Killed):
        trainer(config, checkpoint_dir=tmp_path, on_epoch=killed_after(2)).fit(*game_loaders(), epochs=4)
    torch.randn(17)
    resumed, loaders = trainer(config, checkpoint_dir=tmp_path), game_loaders()
    history = resumed.fit(*loaders, epochs=4)
    assert loaders[0].epochs == [3, 4]
    assert history.curve("val") == expected.curve("val")
    assert state_hash(resumed.loop.model.state_dict()) == state_hash(whole.loop.model.state_dict())


def test_a_finished_fit_is_not_repeated_and_another_run_starts_over(tmp_path: Path):
    first = trainer(checkpoint_dir=tmp_path)
    first.fit(*game_loaders(), epochs=2)
    same, loaders = trainer(checkpoint_dir=tmp_path), game_loaders()
    same.fit(*loaders, epochs=2)
    assert loaders[0].epochs == []
    assert state_hash(same.net.state_dict()) == state_hash(first.net.state_dict())
    other, loaders = trainer(TrainingConfig(learning_rate=1e-3), checkpoint_dir=tmp_path), game_loaders()
    other.fit(*loaders, epochs=2)
    assert loaders[0].epochs == [1, 2]


def test_a_damaged_checkpoint_is_named_and_the_run_starts_over(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    trainer(checkpoint_dir=tmp_path).fit(*game_loaders(), epochs=1)
    (tmp_path / "checkpoint.pt").write_bytes(b"half")
    with caplog.at_level("WARNING"):
        history = trainer(checkpoint_dir=tmp_path).fit(*game_loaders(), epochs=1)
    assert history.last_epoch == 1 and "checkpoint.pt" in caplog.text and "starting over" in caplog.text


def test_fit_leaves_the_callers_random_state_and_settings_alone():
    torch.manual_seed(3)
    expected = torch.rand(1)
    training = trainer()
    torch.manual_seed(3)
    training.fit(*game_loaders(), epochs=1)
    assert torch.equal(torch.rand(1), expected)
    assert not torch.are_deterministic_algorithms_enabled()


def test_a_loss_that_is_not_finite_and_an_empty_loader_are_refused():
    bad = random_batch(4, length=6)
    bad.context[0, 0] = torch.nan
    with pytest.raises(TrainingError, match=r"not finite.*no_missing_numbers"):
        trainer().fit(Loader([bad]), Loader([bad]), epochs=1)
    with pytest.raises(TrainingError, match="no rows"):
        trainer().fit(Loader([]), Loader([]), epochs=1)


def test_both_pretrainings_learn():
    net = small_net()
    flow = WinProbabilityTask(net.transformer)
    history = TrainingLoop(flow, flow.loss_of, FAST, device="cpu").fit(*game_loaders(), epochs=6)
    assert history.curve("train")[-1] < history.curve("train")[0]
    stints = StintMarginTask(net.gnn)
    loaders = Loader([random_stints(32, seed) for seed in range(4)]), Loader([random_stints(64, 50)])
    history = TrainingLoop(stints, stints.loss_of, FAST, device="cpu").fit(*loaders, epochs=6)
    assert history.best.val["gain"] > 0
    assert history.best_val_loss < history.epochs[0].val["loss"]


def test_memory_stays_flat_over_fifty_epochs():
    batch = random_batch(8, length=4)
    held: list[int] = []

    def on_epoch(metrics: EpochMetrics) -> None:
        if metrics.epoch in (10, 50):
            held.append(psutil.Process().memory_info().rss)

    history = trainer(TrainingConfig(patience=99), on_epoch=on_epoch).fit(Loader([batch]), Loader([batch]), epochs=50)
    assert history.last_epoch == 50
    assert held[1] - held[0] < 8 * 2**20


def test_a_missing_gpu_is_refused_with_the_remedy():
    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    net = small_net()
    with pytest.raises(RuntimeError, match="NBA_DEVICE=auto"):
        FusionTrainer(net.transformer, net.gnn, net.fusion, device="cuda").fit(*game_loaders(), epochs=1)
