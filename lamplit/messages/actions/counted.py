"""A time that follows from the moment: it is no part of what somebody asks for."""

from datetime import datetime


class Counted:
    """By when, counted from the moment of the command. As text it is nothing: a form sent twice asks for one thing.

    A time that a person chose is a plain datetime: with another one she asks for something else.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __str__(self) -> str:
        return ""
