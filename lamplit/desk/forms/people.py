"""People: who, how to reach them, what to know of them, who speaks for them."""

from typing import Any, ClassVar

from django import forms

from lamplit.config.fields import DayField
from lamplit.config.forms import SentOnce
from lamplit.config.print_size import LARGE_PRINT
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.desk.forms.fields import Contact, pick, text, tick
from lamplit.desk.words import NEEDS, PERSON_NOTES
from lamplit.messages.queries import known_languages
from lamplit.people.facts import Mandate, PersonNote, Reach

WHY = {"required": lazy("Write why you change it. It stays beside what we believed before.")}


class PersonForm(SentOnce):
    """Who somebody is."""

    name = text(lazy("Full name"), required=True, longest=200)
    known_as = text(lazy("Known as"), longest=200)
    title = text(lazy("Title"), longest=40)
    born_on = DayField(label=lazy("Date of birth"), what=lazy("the date of birth"), required=False)


class CorrectPersonForm(PersonForm):
    """Who somebody is, put right."""

    why = text(lazy("Why is it changed?"), required=True, longest=1000, error_messages=WHY)


class ReachForm(SentOnce):
    """A way to reach somebody."""

    channel = forms.ChoiceField(
        label=lazy("What is it?"),
        choices=[
            ("text", lazy("Mobile, for texts and calls")), ("phone", lazy("Telephone, calls only")), ("email", lazy("E-mail")),
            ("post", lazy("Postal address")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": lazy("Choose what it is")},
    )  # fmt: skip
    value = text(lazy("Number or address"), required=True, rows=2, field=Contact)
    state = forms.ChoiceField(
        label=lazy("Does it work?"),
        choices=[
            ("unproved", lazy("We do not know yet")),
            ("works", lazy("Yes, we reached them there")),
            ("fails", lazy("No, it fails")),
            ("ended", lazy("No longer used")),
        ],
        initial="unproved",
        help_text=lazy("A mobile or an e-mail address works once they have read out the code that we send there."),
    )
    safe = forms.BooleanField(
        label=lazy("Safe: nobody else reads or hears it"), required=False,
        help_text=lazy("Ask. If somebody else may see it, leave the box empty."),
    )  # fmt: skip
    label = text(lazy("What they call it"), longest=100, help_text=lazy("Like “work” or “my daughter’s”."))
    why = text(lazy("Why does it fail, or why is it no longer used?"), longest=500)

    def reach(self) -> Reach:
        """Return what was typed as the record keeps it."""
        said = self.cleaned_data
        return Reach(
            channel=said["channel"], value=said["value"], state=said["state"], safe=said["safe"], label=said["label"] or None,
            why=said["why"] or None,
        )  # fmt: skip


class ExplainForm(SentOnce):
    """Why a record is opened that is kept for few."""

    why = text(lazy("Why?"), required=True, longest=500, help_text=lazy("Such as “she rang and asked for a new lock”."))


class ProveForm(SentOnce):
    """The code that somebody reads out."""

    code = text(lazy("The code that they read out"), required=True, longest=40)


PREFERENCES = [("channel", lazy("How to reach them")), ("language", lazy("Language")), ("format", lazy("Format of letters"))]
WAYS = ["text", "phone", "email", "post"]


class NoteForm(SentOnce):
    """One thing to know of a person. Which fields there are depends on what it is."""

    ENDS = ("ended_on",)
    code = pick(lazy("Which?"), [])
    value = text(lazy("What do they want?"), longest=200)
    says = text(lazy("In words"), rows=2)
    changes = text(lazy("What do we do otherwise because of it?"), rows=2)
    source = text(lazy("How do we know?"), longest=300, help_text=lazy("“Told us on the telephone” is enough."))
    since_on = DayField(label=lazy("Since when?"), required=False, what=lazy("the day"))
    review_on = DayField(
        label=lazy("When do we ask again?"),
        required=False,
        what=lazy("the day"),
        help_text=lazy("In a year when you leave it empty."),
    )
    ended_on = DayField(label=lazy("Ended on"), required=False, what=lazy("the day on which it ended"))

    SHOWN: ClassVar[dict[str, tuple[str, ...]]] = {
        "need": ("code", "says", "changes", "source", "since_on", "review_on", "ended_on"),
        "risk": ("code", "says", "changes", "source", "since_on", "review_on", "ended_on"),
        "preference": ("code", "value", "ended_on"),
        "restricted": ("code", "says", "source", "since_on", "review_on", "ended_on"),
        "alert": ("says", "source", "since_on", "review_on", "ended_on"),
    }

    def __init__(self, *args: Any, what: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.what = what
        for name in [name for name in self.fields if name not in (*self.SHOWN[what], "nonce")]:
            del self.fields[name]
        if "code" in self.fields:
            self.fields["code"].choices = self._codes()  # type: ignore[attr-defined]
        if what == "preference":
            self.fields["value"].help_text = _(
                "A way of %(ways)s; a language, as the box offers it; or “%(large_print)s”, “easy read”, “braille”."
            ) % {
                "ways": ", ".join(WAYS),
                "large_print": LARGE_PRINT,
            }
            self.fields["value"].suggestions = known_languages()  # type: ignore[attr-defined]
        if what == "alert":
            self.fields["says"].required = True

    def _codes(self) -> list[tuple[str, str]]:
        if self.what == "preference":
            return PREFERENCES
        if self.what == "restricted":
            return [("abuse", _("Abuse")), ("safeguarding", _("Safeguarding"))]
        return [(code, label[:1].upper() + label[1:]) for code, label in NEEDS.items()]

    def about(self) -> PersonNote:
        """Return what was typed as the record keeps it."""
        said = self.cleaned_data
        return PersonNote(
            what=self.what,  # type: ignore[arg-type]  # one of PERSON_NOTES
            code=said.get("code") or "alert",
            **{
                name: said.get(name) or None
                for name in ("value", "says", "changes", "source", "since_on", "review_on", "ended_on")
            },
        )


class MandateForm(SentOnce):
    """Somebody who acts for a person."""

    ENDS = ("ended_on",)
    name = text(lazy("Full name"), required=True, longest=200)
    relation = text(lazy("Who is it to them?"), longest=100, help_text=lazy("Like “daughter” or “social worker”."))
    organisation = text(lazy("Organisation"), longest=200)
    email = text(lazy("E-mail"), longest=200)
    phone = text(lazy("Telephone"), longest=40, field=Contact)
    scope = forms.MultipleChoiceField(
        label=lazy("What may they do?"),
        choices=[
            ("repairs", lazy("Repairs")),
            ("rent", lazy("Rent")),
            ("complaints", lazy("Complaints")),
            ("everything", lazy("Everything")),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": lazy("Choose what they may do")},
    )
    evidence = text(
        lazy("What did you see?"),
        longest=300,
        help_text=lazy("Like “power of attorney of 3 May”, or “they told us on the phone”."),
    )
    from_on = DayField(
        label=lazy("From when?"), required=False, what=lazy("the first day"), help_text=lazy("From now on if it is empty.")
    )
    expires_on = DayField(label=lazy("Until when?"), required=False, what=lazy("the last day"))
    copies = tick(
        lazy("Send them copies of what we write in these matters"),
        help_text=lazy("Ask the person alone. Find whoever acts above first. No copy goes while the person is restricted."),
    )  # fmt: skip
    ended_on = DayField(label=lazy("Ended on"), required=False, what=lazy("the day on which it ended"))

    def leave(self, person: str | None) -> Mandate:
        """Return what was typed as the record keeps it; `person` is whoever acts, where we know her."""
        said = self.cleaned_data
        return Mandate(
            name=said["name"], relation=said["relation"] or None, organisation=said["organisation"] or None,
            email=said["email"] or None, phone=said["phone"] or None, scope=said["scope"], expires_on=said["expires_on"],
            ended_on=said.get("ended_on"), person=person, evidence=said["evidence"] or None, from_on=said["from_on"],
            copies=said["copies"] or None,
        )  # fmt: skip


def note_kinds(may: frozenset[str]) -> list[tuple[str, str]]:
    """Return the kinds of note that somebody may write."""
    return [(kind, name) for kind, name in PERSON_NOTES.items() if kind != "restricted" or "note_restricted" in may]
