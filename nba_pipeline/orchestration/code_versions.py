"""The code version of an asset: a hash of the source it is made by, so that nobody forgets to raise a number."""

import ast
import hashlib
from functools import cache
from pathlib import Path

import nba_pipeline

PACKAGE = Path(nba_pipeline.__path__[0])


@cache
def code_version(*modules: str) -> str:
    """A short hash of what the modules do, and those of the same room that they import.

    Comments, docstrings and layout do not move it. Nothing is imported.

    Args:
        modules: dotted names, such as `nba_pipeline.warehouse.plays`.
    """
    return hashlib.sha256("".join(_meaning(module)[0] for module in sorted(modules_behind(modules))).encode()).hexdigest()[:12]


def modules_behind(modules: tuple[str, ...]) -> set[str]:
    """The modules themselves, and every one of the same room that they import, directly or through others."""
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
    tree = ast.parse(_source(module).read_text())
    imported = [name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module for name in _named(node, node.module)]
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_text(body[0]):
            node.body = body[1:]  # pyright: ignore[reportAttributeAccessIssue]
    digest = hashlib.sha256(ast.dump(tree).encode()).hexdigest()
    room = ".".join(module.split(".")[:2]) + "."
    return digest, tuple(name for name in imported if name.startswith(room) and _source(name).is_file())


def _named(node: ast.ImportFrom, module: str) -> list[str]:
    """What an import may name: the module itself, or modules of a package."""
    return [module, *(f"{module}.{alias.name}" for alias in node.names)]


def _source(module: str) -> Path:
    return PACKAGE.parent.joinpath(*module.split(".")).with_suffix(".py")


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
