"""The asset graph as a Mermaid diagram, for the README: groups as boxes, arrows only where they add something."""

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
    "weekly": "weekly run",
    "monitor": "costs",
    "sql": "SQL",
}
Edges = dict[str, set[str]]


def mermaid(graph: AssetGraph) -> str:
    """The diagram's text."""
    return "\n".join(["graph LR", *_boxes(graph), *_arrows(_needed(_parents(graph)))])


def _boxes(graph: AssetGraph) -> Iterator[str]:
    for group, title in GROUPS.items():
        names = sorted(key.to_user_string() for key in graph.materializable_asset_keys if graph.get(key).group_name == group)
        yield from [f'  subgraph {group}["{title}"]', *(f"    {name}" for name in names), "  end"]


def _parents(graph: AssetGraph) -> Edges:
    keys = [key for key in graph.materializable_asset_keys if graph.get(key).group_name != "sql"]
    return {key.to_user_string(): {parent.to_user_string() for parent in graph.get(key).parent_keys} for key in keys}


def _needed(parents: Edges) -> Edges:
    """Without arrows that a longer way already shows."""
    return {name: {one for one in direct if not any(one in _above(parents, other) for other in direct)} for name, direct in parents.items()}


def _above(parents: Edges, name: str) -> set[str]:
    return parents[name].union(*(_above(parents, parent) for parent in parents[name])) if parents[name] else set()


def _arrows(parents: Edges) -> list[str]:
    arrows = sorted(f"  {parent} --> {name}" for name, direct in parents.items() for parent in direct)
    return [*arrows, "  warehouse --> sql_views", "  features --> sql_views"]
