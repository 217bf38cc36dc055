"""What was sent before: a form that comes again, because its answer was lost on the way, is known by its command."""

from lamplit.config.forms import SentOnce
from lamplit.record.ready import kept_cursor


def sent_before(form: SentOnce) -> bool:
    """Say whether a form was sent before and done. Looked at before anything else of it, since since then much has changed.

    Whoever asks has the page's own signed nonce, so nobody learns of another's command.
    """
    command = form.early_command()
    if command is None:
        return False
    with kept_cursor() as cursor:
        cursor.execute("SELECT 1 FROM record.command WHERE id = %s AND answer IS NOT NULL", [command])
        return cursor.fetchone() is not None
