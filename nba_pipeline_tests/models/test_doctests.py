import doctest
from importlib import import_module

import pytest

NETS = ("nets.transformer", "nets.gnn", "nets.fusion", "nets.in_game_skip", "nets.game_net", "nets.losses")
OTHERS = ("training.trainer", "training.config", "training.pretraining", "registry", "versions.info")


@pytest.mark.parametrize("name", [*NETS, *OTHERS])
def test_the_examples_in_the_docstrings_run(name: str):
    outcome = doctest.testmod(import_module(f"nba_pipeline.models.{name}"))
    assert outcome.attempted > 0 and outcome.failed == 0
