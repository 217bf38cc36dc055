"""An error in a file that a person wrote: it always says which line."""


class LineError(ValueError):
    """Something is wrong in a configuration file. Reads `law.toml:12: what is wrong and how to put it right`."""

    def __init__(self, source: str, line: int, what: str) -> None:
        super().__init__(f"{source}:{line}: {what}")
        self.source = source
        self.line = line
        self.what = what
