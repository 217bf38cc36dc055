"""What a check says, in words: the same on the page, in a text and in an e-mail. Nothing in it tells whom a message went to."""

from typing import NamedTuple

from django.conf import settings

from lamplit.config.languages import in_ours
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.config.when import full_date
from lamplit.messages.queries import Answer, Sent

BY = {"text": lazy("by text"), "email": lazy("by e-mail"), "post": lazy("by post"), "call": lazy("by phone")}
# What a message was about, for somebody who asks whether it is ours: as much as tells nothing of whom it went to.
ABOUT = {
    "repair": lazy("a repair"),
    "visit": lazy("a visit"),
    "no_access": lazy("a visit"),
    "is_it_mended": lazy("a repair"),
    "complaint": lazy("a complaint"),
    "contact": lazy("how we reach somebody"),
    "on_call": lazy("our own work"),
    "incident": lazy("an incident"),
    "check_answer": lazy("a message that somebody checked"),
}
MARKS = {"link": lazy("A link"), "phone": lazy("A phone number"), "bank": lazy("A number of an account or card")}


class Verdict(NamedTuple):
    """An answer in words. `good`: done, warn or plain, for its sign. `strange`: sentences that are not ours; `marks` in them."""

    title: str
    good: str
    said: list[str]
    strange: list[str]
    unsure: list[str]
    marks: list[str]
    doubtful: bool  # worth a report


def verdict(answer: Answer) -> Verdict:
    """Put an answer into words."""
    if any(one.disowned for one in answer.sent):
        return _plain(_("Ignore this message"), [_stolen(), _ring_if_done()], doubtful=False)
    if answer.kind in ("code", "open"):
        same = _("Does yours say that?")
        said = [f"{what(one)} {same}" for one in answer.sent]
        if answer.kind == "open":
            said.append(_("A person wrote this message, so only our main system can compare its words."))
        copied = _("A code can be copied. If your message asks for anything else, it is not ours. Ring us on %(phone)s.")
        return Verdict(_("The code is one of ours. Now compare"), "plain", [*said, copied % _phone()], [], [], [], doubtful=True)
    if answer.kind == "ours":
        said = [what(one) for one in answer.sent] or [_("Our mail system signed this e-mail, and nobody changed it since.")]
        return Verdict(_("This is ours, word for word"), "done", said, [], [], [], doubtful=False)
    if answer.kind == "fixed":
        unsure = list(answer.compared.open_) if answer.compared else []
        said = [*map(what, answer.sent), _unsure()]
        return Verdict(_("The words that never change are ours"), "plain", said, [], unsure, [], doubtful=True)
    return _changed(answer) if answer.kind == "part" else _not_ours(answer)


def _changed(answer: Answer) -> Verdict:
    compared = answer.compared
    said = [what(one) for one in answer.sent]
    if compared is not None and compared.missing:
        said.append(_("What you pasted is ours, but some of our message is missing in it."))
    else:
        said.append(_("Do not do what the message asks. Ring us on %(phone)s.") % _phone())
    strange, marks = _strange(answer)
    unsure = list(compared.open_) if compared else []
    return Verdict(_("Part of this is ours, but it was changed"), "warn", said, strange, unsure, marks, doubtful=True)


def _not_ours(answer: Answer) -> Verdict:
    if answer.known:
        said = [_("It has a code of ours, but the words are not ours. A code can be copied."), *map(what, answer.sent)]
    elif answer.coded:
        said = [_("We have sent no message with that code. Check that you typed it right.")]
    else:
        said = [_("It has no code. Every message of ours ends with one.")]
    if answer.alike:
        said.append(_("It uses words of ours. That is how a fraud looks real."))
    money = _("If it asks for money or your bank details, do not answer. Ring us on %(phone)s, so that we can warn others.")
    strange, marks = _strange(answer)
    return Verdict(_("We did not send this"), "warn", [*said, money % _phone()], strange, [], marks, doubtful=True)


def _plain(title: str, said: list[str], *, doubtful: bool) -> Verdict:
    return Verdict(title, "warn", said, [], [], [], doubtful)


def _strange(answer: Answer) -> tuple[list[str], list[str]]:
    if answer.compared is None:
        return [], []
    return list(answer.compared.strange), [f"{MARKS[mark.kind]}: {mark.said}" for mark in answer.compared.marks]


def what(one: Sent) -> str:
    """Say what a message was: when, how, about what, and that it asked for nothing."""
    known = {"at": full_date(one.at), "by": str(BY.get(one.channel, _("by another way"))), "about": about(one.template)}
    words = _("We sent a message with this code on %(at)s, %(by)s, about %(about)s.") % known
    return words + " " + _("It had no link, and asked for no money and no bank details.")


def about(template: str) -> str:
    """Say what a message was about, and not more."""
    found = (words for begins, words in ABOUT.items() if template.startswith(begins))
    return str(next(found, _("something between us and a tenant")))


def _stolen() -> str:
    return _("It was sent from our system by someone who should not have. Do not do what it says.")


def _ring_if_done() -> str:
    return _("If you did what it says, ring us now on %(phone)s.") % _phone()


def _unsure() -> str:
    return (
        _(
            "We could not compare names, dates and times here: only our main system can read those. Check that they fit what you "
            "know. If it asks for anything else, ring us on %(phone)s."
        )
        % _phone()
    )


def _phone() -> dict[str, str]:
    return {"phone": settings.LANDLORD["phone"]}


def in_short(answer: Answer) -> list[str]:
    """Return an answer in our language, as a text or an e-mail says it: with nothing of theirs, so that no fraud travels so."""
    with in_ours():
        told = verdict(answer)
        marks = answer.compared.marks if answer.compared else ()
        kinds = list(dict.fromkeys(str(MARKS[mark.kind]).lower() for mark in marks))
        inside = [_("In it is: %(what)s.") % {"what": ", ".join(kinds)}] if kinds else []
        return [f"{told.title}.", *map(str, told.said), *inside]
