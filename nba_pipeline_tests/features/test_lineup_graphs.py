"""The graph of the ten on court: edges as specified, order, masks, partial lineups."""

import numpy as np
import polars as pl
import pytest

from nba_pipeline.features import lineup_graphs
from nba_pipeline.features.asof import History
from nba_pipeline.features.lineup_graphs import LineupGraphBuilder, edges, is_opponent
from nba_pipeline.features.net_inputs.player_nodes import NODE_FEATURES, PlayerFeatures, blank_players, position_order
from nba_pipeline.warehouse.store import Warehouse

HOME, AWAY = [1, 2, 3, 4, 5], [6, 7, 8, 9, 10]


def people() -> pl.DataFrame:
    """Ten players; player n plays position (n - 1) mod 5 and has usage n."""
    ids = list(range(1, 11))
    return blank_players(ids).with_columns(
        position_rank=pl.Series([float((n - 1) % 5) for n in ids]), usage_rate=pl.Series([float(n) for n in ids])
    )


def test_edges_are_twenty_of_team_mates_and_five_of_opponents_in_both_directions():
    index = edges()
    pairs = {tuple(sorted(pair)) for pair in index.T.tolist()}
    opponents = {pair for pair in pairs if pair[0] < 5 <= pair[1]}
    assert index.shape == (2, 50) and len(pairs) == 25
    assert opponents == {(n, n + 5) for n in range(5)}
    assert is_opponent(index).sum() == 10
    assert {(b, a) for a, b in index.T.tolist()} == {(a, b) for a, b in index.T.tolist()}


def test_all_opponents_can_be_joined():
    assert is_opponent(edges(all_opponents=True)).sum() == 50


def test_players_stand_in_position_order_whatever_order_they_are_given_in():
    builder = LineupGraphBuilder(people())
    first = builder.build_graph(home_lineup=HOME, away_lineup=AWAY)
    second = builder.build_graph(home_lineup=HOME[::-1], away_lineup=[8, 6, 10, 7, 9])
    usage = NODE_FEATURES.index("usage_rate")
    assert first.x[:, usage].tolist() == [float(n) for n in range(1, 11)]
    assert (first.x == second.x).all()


def test_partial_lineups_leave_masked_nodes_at_the_end_of_a_side():
    graph = LineupGraphBuilder(people()).build_graph(home_lineup=[3, 1], away_lineup=[])
    assert graph.node_mask.tolist() == [True, True] + [False] * 8
    assert not graph.x[2:].any()


def test_an_unknown_player_is_a_masked_node():
    graph = LineupGraphBuilder(people()).build_graph(home_lineup=[1, 2, 3, 4, 99], away_lineup=AWAY)
    assert int(graph.node_mask.sum()) == 9


def test_chemistry_is_on_the_edges_of_the_pair():
    graph = LineupGraphBuilder(people(), chemistry={(1, 2): 500.0}).build_graph(HOME, AWAY)
    assert sorted(graph.edge_attr[:, 1].tolist())[-2:] == [0.5, 0.5] and graph.edge_attr[:, 1].sum() == 1


@pytest.mark.parametrize(("home", "away", "text"), [([1, 2, 3, 4, 5, 11], AWAY, "at most five"), (HOME, [1, 7, 8, 9, 10], "twice")])
def test_impossible_lineups_are_refused(home: list[int], away: list[int], text: str):
    with pytest.raises(ValueError, match=text):
        LineupGraphBuilder(people()).build_graph(home, away)


def test_position_order_puts_absent_players_last():
    players = PlayerFeatures.from_frame(people())
    assert position_order(np.array([[0, 5, 1, 0, 3]]), players).tolist() == [[1, 3, 5, 0, 0]]


def test_a_lookup_in_an_empty_table_knows_nobody():
    x, known = PlayerFeatures.from_frame(blank_players([])).lookup(np.array([1, 2]))
    assert x.shape == (2, 16) and not known.any()


def test_a_season_without_games_has_no_rows_but_all_columns(tiny_features: Warehouse):
    empty = lineup_graphs.build(History.from_warehouse(tiny_features, "2021-22"), ("2029-30",))
    assert empty.is_empty() and empty.schema == tiny_features.read("lineup_graphs", ["2021-22"]).schema
