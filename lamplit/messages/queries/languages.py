"""The languages that we know, for whoever writes down or reads which one somebody speaks."""

from lamplit.messages.rules import interpreter_words, language_of, languages


def interpreter_for(language: str | None) -> str | None:
    """Say how to talk to somebody of this language: "through an interpreter (Polish)"; None when ours will do."""
    found = language_of(language)
    return None if found is None or found.reads_ours else interpreter_words(found)


def known_languages() -> list[tuple[str, str]]:
    """Return each language by its name in ours and its own name, in the order of the shipped file."""
    return [(one.name, one.own_name) for one in languages()]


def is_unknown_language(said: str | None) -> bool:
    """Say whether a language was written down that is not on our list: nothing is ever written in it."""
    found = language_of(said)
    return found is not None and found not in languages()
