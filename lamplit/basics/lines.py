"""What is wrong with a file: it always says which line."""

from typing import NamedTuple


class LineError(ValueError):
    """Something is wrong in a configuration file. Reads `law.toml:12: what is wrong and how to put it right`."""

    def __init__(self, source: str, line: int, what: str) -> None:
        super().__init__(f"{source}:{line}: {what}")
        self.source = source
        self.line = line
        self.what = what


class Problem(NamedTuple):
    """Why one row of a file is refused. `column` is '' when it is the whole row."""

    line: int
    column: str
    words: str

    def __str__(self) -> str:
        return f"line {self.line}{', ' if self.column else ''}{self.column}: {self.words}"
