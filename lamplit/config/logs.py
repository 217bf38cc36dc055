"""What is logged when something breaks: where and what kind, never the words, which may quote what somebody typed."""

import logging
import traceback
from types import TracebackType
from typing import Any

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutWords(logging.Formatter):
    """Prints where an exception came from and its kind, and leaves its text out."""

    def formatException(self, ei: Raised) -> str:  # noqa: N802 - logging's own name
        kind, error, trace = ei
        if kind is None or error is None:
            return ""
        lines = traceback.format_list(traceback.extract_tb(trace))
        return "".join(lines) + _names(error)


def _names(error: BaseException) -> str:
    """Name an exception and what caused it: `IntegrityError from UniqueViolation`."""
    cause = error.__cause__
    name = type(error).__qualname__
    return f"{name} from {_names(cause)}" if cause is not None else name


def settings(level: str = "INFO") -> dict[str, Any]:
    """Return Django's LOGGING: everything to the error output. Paths hold no personal data, so they may stand there."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"()": WithoutWords, "format": "{asctime} {levelname} {name} {message}", "style": "{"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {"django": {"handlers": ["console"], "level": level, "propagate": False}},
    }
