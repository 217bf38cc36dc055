"""The Direct Debit Guarantee, word for word as the landlord's bank gave it: the scheme prescribes it, so none is shipped."""

from pathlib import Path

from django.conf import settings

from lamplit.basics.refusal import Refused


def guarantee() -> list[str]:
    """Return its paragraphs. Refused: rent.no_guarantee."""
    try:
        text = Path(settings.GUARANTEE).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise Refused("rent.no_guarantee") from error
    found = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    if not found:
        raise Refused("rent.no_guarantee")
    return found
