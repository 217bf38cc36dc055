"""Who did it: the `by` of every action and fact.

`staff:<id>`, `person:<id>`, `contractor:<id>`, `visitor` (a report without signing in), `job:<name>`, `cli:<user>`.
"""

from typing import NamedTuple

STAFF, PERSON, CONTRACTOR, VISITOR, JOB, CLI = "staff", "person", "contractor", "visitor", "job", "cli"
KINDS = (STAFF, PERSON, CONTRACTOR, VISITOR, JOB, CLI)


class By(NamedTuple):
    """One actor. `str(by)` is what the record keeps."""

    kind: str
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind


def staff(staff_id: str) -> By:
    return By(STAFF, staff_id)


def person(person_id: str) -> By:
    return By(PERSON, person_id)


def job(name: str) -> By:
    return By(JOB, name)


def cli(user: str) -> By:
    return By(CLI, user)


def visitor() -> By:
    return By(VISITOR)


def read(text: str) -> By:
    """Read `str(by)` back. ValueError if it names no known kind."""
    kind, _, ident = text.partition(":")
    if kind not in KINDS:
        raise ValueError(f"unknown actor {text!r}")
    return By(kind, ident)
