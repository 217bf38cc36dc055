"""Written summaries of investigations, and the papers themselves."""

from datetime import datetime

from lamplit.basics.fact import Unavailable
from lamplit.record.blobs import read_sealed
from lamplit.record.ready import Ready
from lamplit.repairs.models import Summary

_OF = Ready(lambda repair: Summary.objects.filter(repair=repair).order_by("written_at", "id"))
_UNSENT = Ready(lambda since: Summary.objects.filter(sent_at__isnull=True, written_at__gt=since).order_by("written_at", "id"))
PAPER_GOES_BY = ("email", "post")  # a text tells her of it, and carries none


def summaries_of(repair: str) -> list[Summary]:
    """Return the summaries written of a repair, oldest first, each tenant's own."""
    return list(_OF.all(repair=repair))


def summaries_unsent(since: datetime) -> list[Summary]:
    """Return the summaries written after `since` of which nobody has said that they were sent."""
    return list(_UNSENT.all(since=since))


def summary(ident: str) -> Summary | None:
    return Summary.objects.filter(id=ident).first()


def summary_paper(row: Summary) -> bytes | None:
    """Return a summary's PDF as it went; None when it cannot be read any more, or not here."""
    data = read_sealed(row.paper, blob_of_summary(row.id))
    return None if isinstance(data, Unavailable) else data


def blob_of_summary(ident: str) -> str:
    """Return what is bound into the paper's blob: which summary it is."""
    return f"summary|{ident}"
