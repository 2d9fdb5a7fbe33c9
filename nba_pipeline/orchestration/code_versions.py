"""The code version of an asset: a hash of the source it is made by, so that nobody forgets to raise a number."""

import ast
import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def code_version(*modules: str) -> str:
    """A short hash of what the modules do, and those of the same room that they import.

    Comments, docstrings and layout do not move it. Nothing is imported.

    Args:
        modules: dotted names, such as `nba_pipeline.warehouse.plays`.
    """
    return hashlib.sha256("".join(_meaning(module)[0] for module in sorted(_closure(modules))).encode()).hexdigest()[:12]


def _closure(modules: tuple[str, ...]) -> set[str]:
    found, waiting = set[str](), list(modules)
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting.extend(_meaning(module)[1])
    return found


@cache
def _meaning(module: str) -> tuple[str, tuple[str, ...]]:
    """A hash of the module's code, and the modules of the same room that it imports."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{module} has no source file to take a code version from")
    tree, room = ast.parse(Path(spec.origin).read_text()), module.rpartition(".")[0] + "."
    imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_text(body[0]):
            node.body = body[1:]  # pyright: ignore[reportAttributeAccessIssue]
    digest = hashlib.sha256(ast.dump(tree).encode()).hexdigest()
    return digest, tuple(name for name in imported if name.startswith(room))


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
