"""The asset graph as Mermaid diagrams: every asset for `nba graph`, groups for the README; arrows only where they add something."""

from collections.abc import Iterator

from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

GROUPS = {
    "raw": "raw archive",
    "warehouse": "warehouse tables",
    "features": "features, as of an instant",
    "models": "models",
    "predictions": "predictions",
    "backtests": "backtests, by block",
    "experiments": "points experiments",
    "tuning": "tuned models",
    "windows": "27 eras of the league, and the meta-learner",
    "weekly": "weekly run",
    "monitor": "costs",
    "sql": "SQL",
}
SQL_ARROWS = ("  warehouse --> sql_views", "  features --> sql_views")
"""Views are of every table: an arrow from each would hide the rest."""

Edges = dict[str, set[str]]


def mermaid(graph: AssetGraph) -> str:
    """The diagram's text."""
    return "\n".join(["graph LR", *_boxes(graph), *_arrows(_needed(_parents(graph))), *SQL_ARROWS])


def overview(graph: AssetGraph) -> str:
    """The diagram of the groups, each with the names of its assets."""
    members = {group: _members(graph, group) for group in GROUPS}
    home = {name: group for group, names in members.items() for name in names}
    parents: Edges = {group: set() for group in GROUPS}
    for name, direct in _parents(graph).items():
        parents[home[name]] |= {home[parent] for parent in direct} - {home[name]}
    parents["sql"] = {"features"}
    boxes = [f'  {group}["<b>{GROUPS[group]}</b><br/>{"<br/>".join(names)}"]' for group, names in members.items()]
    return "\n".join(["graph LR", *boxes, *_arrows(_needed(parents))])


def _members(graph: AssetGraph, group: str) -> list[str]:
    return sorted(key.to_user_string() for key in graph.materializable_asset_keys if graph.get(key).group_name == group)


def _boxes(graph: AssetGraph) -> Iterator[str]:
    for group, title in GROUPS.items():
        yield from [f'  subgraph {group}["{title}"]', *(f"    {name}" for name in _members(graph, group)), "  end"]


def _parents(graph: AssetGraph) -> Edges:
    keys = [key for key in graph.materializable_asset_keys if graph.get(key).group_name != "sql"]
    return {key.to_user_string(): {parent.to_user_string() for parent in graph.get(key).parent_keys} for key in keys}


def _needed(parents: Edges) -> Edges:
    """Without arrows that a longer way already shows."""
    return {name: {one for one in direct if not any(one in _above(parents, other) for other in direct)} for name, direct in parents.items()}


def _above(parents: Edges, name: str) -> set[str]:
    return parents[name].union(*(_above(parents, parent) for parent in parents[name])) if parents[name] else set()


def _arrows(parents: Edges) -> list[str]:
    return sorted(f"  {parent} --> {name}" for name, direct in parents.items() for parent in direct)
