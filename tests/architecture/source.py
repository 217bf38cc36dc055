"""The code as text and as syntax trees, for tests about its shape. Each such test also sees its fault in a made-up source."""

import ast
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
FEATURES = {"repairs", "rent", "complaints", "incidents", "messages", "tenancies", "people", "homes", "staff"}


class Source(NamedTuple):
    """One file: its path from the project's folder, with forward slashes, and its text."""

    name: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    @property
    def parts(self) -> tuple[str, ...]:
        return Path(self.name).with_suffix("").parts

    @property
    def feature(self) -> str | None:
        """The feature that this file belongs to, when it is part of one."""
        return self.parts[1] if self.parts[0] == "lamplit" and self.parts[1] in FEATURES else None

    @property
    def is_test(self) -> bool:
        return "tests" in self.parts


def modules() -> Iterator[Source]:
    """Every module under lamplit/, migrations left out: Django wrote those."""
    for path in sorted((ROOT / "lamplit").rglob("*.py")):
        if "migrations" not in path.parts:
            yield Source(path.relative_to(ROOT).as_posix(), path.read_text())


def kept_files() -> Iterator[Source]:
    """Every text file that git keeps or would keep."""
    ask = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(ask, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in sorted(filter(None, names)):
        path = ROOT / name
        if path.is_file():
            raw = path.read_bytes()
            if b"\0" not in raw[:8000]:
                yield Source(name, raw.decode(errors="replace"))


def faults(find: Callable[[Source], Iterator[str]], sources: Iterator[Source]) -> list[str]:
    """What `find` has against each source, each named with its file."""
    return [f"{source.name}: {fault}" for source in sources for fault in find(source)]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute, else the empty string."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and dotted(node.value):
        return f"{dotted(node.value)}.{node.attr}"
    return ""
