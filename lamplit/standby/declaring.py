"""The page on which two named people let this standby take over, each with the code that was printed for her."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lamplit.basics.refusal import Refused
from lamplit.config import limits, place, standing_by
from lamplit.config.audience import Request, for_everyone
from lamplit.config.forms import SentOnce, Typed, posted
from lamplit.config.refusals import staff_words
from lamplit.config.speaking import lazy
from lamplit.continuity import heir, takeover


class DeclareForm(SentOnce):
    """A named person's word."""

    name = forms.ChoiceField(
        label=lazy("Which of the named people are you?"),
        error_messages={"required": lazy("Choose your name"), "invalid_choice": lazy("Choose your name from the list")},
    )
    code = Typed(
        label=lazy("Your printed code"), needed=lazy("Type the code from your paper"), longest=80,
        help_text=lazy("Six groups of five. Spaces and dashes do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    why = Typed(
        label=lazy("Why must the standby take over?"), longest=1000,
        needed=lazy("Write in a few words why the standby must take over"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    drill = forms.BooleanField(label=lazy("This is a drill"), required=False)

    def __init__(self, data: object, *, asking: bool) -> None:
        super().__init__(data)
        names = [(one.name, one.name) for one in heir.declarers(place.declarers())]
        self.fields["name"].choices = [("", lazy("Choose your name")), *names]  # type: ignore[attr-defined]
        if not asking:
            del self.fields["why"], self.fields["drill"]


@for_everyone
@require_http_methods(["GET", "POST"])
def declare(request: Request) -> HttpResponse:
    """Show how it stands, and take one person's word. Whoever guesses codes is counted, by address and by name."""
    db = standing_by.database()
    asked = takeover.takeover(db)
    form = DeclareForm(posted(request), asking=asked is None)
    if request.method == "POST" and form.is_valid():
        limits.count(limits.STAFF_TRIES_PER_ADDRESS, limits.address_of(request), request.now)
        limits.count(limits.STAFF_TRIES_PER_TARGET, f"declare:{form.cleaned_data['name']}", request.now)
        try:
            asked = standing_by.ask_or_agree(
                db, form.cleaned_data["name"], form.cleaned_data["code"], form.cleaned_data.get("why", ""),
                drill=form.cleaned_data.get("drill", False), at=request.now,
            )  # fmt: skip
            form = DeclareForm(None, asking=False)
        except Refused as refused:
            form.add_error("code" if refused.code == "continuity.wrong_code" else None, staff_words(refused))
    ready = asked is not None and asked.declared and standing_by.ready(asked)
    return render(request, "standby/declare.html", {"form": form, "asked": asked, "ready": ready})
