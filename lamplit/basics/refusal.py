"""Saying no is a normal answer: a stable code, and words for whoever is reading."""


class Refused(Exception):  # noqa: N818 - it is an answer, not an error
    """A rule said no.

    `code` never changes once released (`repairs.already_reported`); its words, for the tenant and for
    staff, stand in `lamplit/config/refusals.py` and may. `details` fill the words.
    """

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    @property
    def done_before(self) -> bool:
        """Whether this very command was taken before: with other content, or before the record was restored or ingested."""
        return self.code in ("record.command_reused", "record.done_before")

    def __str__(self) -> str:
        return f"{self.code} {self.details}" if self.details else self.code
