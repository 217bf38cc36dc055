"""Forms about frauds that go round in our name."""

from lamplit.config.forms import SentOnce
from lamplit.config.speaking import lazy
from lamplit.desk.forms.fields import text


class WarnForm(SentOnce):
    """What everybody is warned of."""

    says = text(
        lazy("What goes round?"),
        required=True,
        rows=4,
        longest=1000,
        help_text=lazy(
            "How it comes, what it says, what it wants. Name no person, and write no link and no account. Public at once."
        ),
    )


class SeenForm(SentOnce):
    """A report was read."""


class EndForm(SentOnce):
    """It is seen no more."""
