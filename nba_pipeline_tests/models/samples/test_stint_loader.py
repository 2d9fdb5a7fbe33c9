"""Stints for pre-training the graph net."""

import numpy as np
import torch

from nba_pipeline.models.samples.stint_loader import StintLoader
from nba_pipeline_tests.models.invented_games import invented_games

ARRAYS = invented_games()
EVERY_GAME = np.arange(len(ARRAYS))


def test_the_graph_before_tip_off_and_games_without_plays_are_no_stints():
    loader = StintLoader(ARRAYS, EVERY_GAME)
    assert len(loader.stints) == 11 * 4
    assert not set(loader.stints) & set(ARRAYS.graph_first[:-1])


def test_the_target_is_the_home_margin_per_hundred_possessions():
    (batch,) = StintLoader(ARRAYS, EVERY_GAME, shuffle=False)
    assert torch.allclose(batch.margin_per_100, torch.tensor(100 * (5 - 3) / 6)) and torch.equal(batch.possessions, torch.full((44,), 6.0))


def test_an_epoch_can_be_a_part_drawn_anew_and_the_same_epoch_is_the_same():
    loader = StintLoader(ARRAYS, EVERY_GAME, batch_size=8, per_epoch=20)
    loader.set_epoch(1)
    first, again = (torch.cat([batch.graph.x for batch in loader]) for _ in range(2))
    loader.set_epoch(2)
    assert len(first) == 20 * 10 and torch.equal(first, again)
    assert not torch.equal(first, torch.cat([batch.graph.x for batch in loader]))
