"""Two records that may be of one person: which is kept, which values stand, and who gets what when they are taken apart."""

from typing import Any

from django import forms

from lamplit.config.forms import SentOnce
from lamplit.config.speaking import Words, lazy
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date
from lamplit.desk.forms.fields import text
from lamplit.people.actions import Believed

NAMES = Words({"name": "Full name", "known_as": "Known as", "title": "Title", "born_on": "Date of birth"})
CHOOSE = {"required": lazy("Choose one of the two")}


class MergeForm(SentOnce):
    """Which record the other is shown under, and what stands where they differ. Nothing is chosen beforehand."""

    def __init__(self, *args: Any, first: tuple[str, str, Believed], second: tuple[str, str, Believed], **options: Any) -> None:
        super().__init__(*args, **options)
        self.first, self.second = first, second
        records = [(first[0], f"1: {first[1]}"), (second[0], f"2: {second[1]}")]
        self.fields["kept"] = _choice(_("Under which record are both shown?"), records)
        for name, label in NAMES.items():
            one, two = getattr(first[2], name), getattr(second[2], name)
            if one != two:
                self.fields[name] = _choice(label, [(first[0], f"1: {_said(one)}"), (second[0], f"2: {_said(two)}")])
        self.fields["why"] = text(_("How do you know that they are one person?"), required=True, longest=500)

    def told(self) -> dict[str, Any]:
        """Return what the action is told."""
        said = self.cleaned_data
        kept = said["kept"]
        by_record = {self.first[0]: self.first[2], self.second[0]: self.second[2]}
        values = {name: getattr(by_record[said.get(name) or kept], name) for name in NAMES}
        gone = self.second[0] if kept == self.first[0] else self.first[0]
        return {"kept": kept, "gone": gone, "stands": Believed(**values), "why": said["why"]}


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=CHOOSE)


def _said(value: Any) -> str:
    return "nothing" if value is None else full_date(value) if hasattr(value, "year") else str(value)


class ConfirmForm(SentOnce):
    """How somebody made sure."""

    how = text(
        lazy("How did you make sure?"), required=True, longest=500,
        help_text=lazy("Such as “rang her on the number of each record; she gave both addresses and her birthday”."),
    )  # fmt: skip


class UnmergeForm(SentOnce):
    """What came since the merge, each to be given to one of the two."""

    def __init__(
        self, *args: Any, kept: tuple[str, str], gone: tuple[str, str], since: list[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.gone, self.since = gone[0], [ident for ident, __ in since]
        for ident, label in since:
            self.fields[ident] = _choice(label, [kept, gone])
        self.fields["why"] = text(_("Why are they two people after all?"), required=True, longest=500)

    def moved(self, letter: str) -> list[str]:
        """Return what belongs to the other record, of one kind."""
        return [one for one in self.since if one.startswith(f"{letter}_") and self.cleaned_data[one] == self.gone]
