"""Writes what reviewers compare: the snapshot of the asset graph, and its picture in the README.

Run it after a change to the graph: `python -m nba_pipeline_tests.orchestration.snapshot`.
"""

import json
import re
from pathlib import Path
from typing import Any

from nba_pipeline.definitions import defs
from nba_pipeline.orchestration.picture import overview

SNAPSHOT = Path(__file__).with_name("graph.json")
README = Path(__file__).resolve().parents[2] / "README.md"
PICTURE = re.compile(r"(<!-- graph: .*? -->\n```mermaid\n)(.*?)(```\n<!-- /graph -->)", re.DOTALL)


def graph() -> dict[str, Any]:
    """Every asset with what is easily changed by accident."""
    found = defs.resolve_asset_graph()
    return {key.to_user_string(): _asset(found, key) for key in sorted(found.materializable_asset_keys)}


def picture() -> str:
    """The README's picture as it should be."""
    return overview(defs.resolve_asset_graph()) + "\n"


def picture_in_readme() -> str:
    """The README's picture as it is."""
    found = PICTURE.search(README.read_text())
    assert found, "README.md has lost its graph markers"
    return found[2]


def _asset(found: Any, key: Any) -> dict[str, Any]:
    node = found.get(key)
    checks = {one.name: "blocking" if found.get_check_spec(one).blocking else "shown" for one in sorted(node.check_keys)}
    return {
        "group": node.group_name,
        "deps": sorted(parent.to_user_string() for parent in node.parent_keys),
        "partitioned": node.is_partitioned,
        "pools": sorted(node.pools or ()),
        "owners": list(node.owners),
        "kinds": sorted(node.kinds or ()),
        "checks": checks,
    }


if __name__ == "__main__":
    lines = (f"{json.dumps(name)}: {json.dumps(asset)}" for name, asset in graph().items())
    SNAPSHOT.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    README.write_text(PICTURE.sub(lambda found: found[1] + picture() + found[3], README.read_text()))
