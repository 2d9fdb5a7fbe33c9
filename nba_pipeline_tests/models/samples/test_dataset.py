"""Which instants an epoch looks at, and in which order."""

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from nba_pipeline.models.samples.collate import nba_collate_fn
from nba_pipeline.models.samples.dataset import GameLoader, NBADataset
from nba_pipeline_tests.models.invented_games import invented_games

ARRAYS = invented_games()


def test_a_fixed_share_is_before_tip_off_and_games_without_plays_have_only_that():
    dataset = NBADataset(ARRAYS, pregame=1, in_game=3)
    assert (dataset.known == 0).sum() == 12 and len(dataset) == 12 + 3 * 11
    assert not ((dataset.game == 2) & (dataset.known > 0)).any()


def test_no_sample_knows_the_end_of_its_game():
    dataset = NBADataset(ARRAYS, in_game=50)
    assert (dataset.known < 120).all()


def test_stratified_instants_fall_into_equal_shares_of_a_game():
    dataset = NBADataset(ARRAYS, pregame=0, in_game=4)
    position = (dataset.known.reshape(-1, 4) - 1) / (119 / 4)
    assert (position > np.arange(4) - 1 / 29).all() and (position < np.arange(1, 5)).all()


def test_epochs_differ_and_the_same_epoch_is_the_same():
    dataset = NBADataset(ARRAYS, seed=5)
    first = dataset.known.copy()
    dataset.set_epoch(1)
    assert not np.array_equal(first, dataset.known)
    dataset.set_epoch(0)
    assert np.array_equal(first, dataset.known)


def test_a_loader_gives_every_sample_once_and_the_same_order_for_the_same_epoch():
    loader = GameLoader(NBADataset(ARRAYS), batch_size=8)
    loader.set_epoch(3)
    first, again = [torch.cat([batch.context for batch in loader]) for _ in range(2)]
    assert torch.equal(first, again) and len(first) == len(loader.dataset)
    loader.set_epoch(4)
    assert not torch.equal(first, torch.cat([batch.context for batch in loader]))


def test_an_evaluation_loader_never_changes():
    loader = GameLoader(NBADataset(ARRAYS), shuffle=False)
    first = torch.cat([batch.state for batch in loader])
    loader.set_epoch(9)
    assert torch.equal(first, torch.cat([batch.state for batch in loader]))


@pytest.mark.parametrize("batch_size", [1, 7, 32])
def test_the_torch_loader_takes_it(batch_size: int):
    dataset = NBADataset(ARRAYS)
    sizes = [len(batch) for batch in DataLoader(dataset, batch_size=batch_size, collate_fn=nba_collate_fn)]  # pyright: ignore[reportArgumentType]
    assert sum(sizes) == len(dataset) and max(sizes) <= batch_size


def test_single_samples_and_whole_batches_are_the_same():
    dataset = NBADataset(ARRAYS)
    one_by_one, at_once = nba_collate_fn([dataset[i] for i in range(9)]), nba_collate_fn(dataset.__getitems__(range(9)))
    for name in ("events", "lineups", "mask", "context", "state", "margin"):
        assert torch.equal(getattr(one_by_one, name), getattr(at_once, name))
    assert torch.equal(one_by_one.graph.x, at_once.graph.x)
