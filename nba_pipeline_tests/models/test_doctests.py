import doctest
from importlib import import_module

import pytest

NETS = ("transformer", "gnn", "fusion", "in_game_skip", "game_net", "losses")
TRAINING = ("trainer", "training_config", "pretraining", "registry", "version_info")


@pytest.mark.parametrize("name", [*NETS, *TRAINING])
def test_the_examples_in_the_docstrings_run(name: str):
    outcome = doctest.testmod(import_module(f"nba_pipeline.models.{name}"))
    assert outcome.attempted > 0 and outcome.failed == 0
