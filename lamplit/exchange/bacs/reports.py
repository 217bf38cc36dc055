"""Bacs reports as XML: ARUDD, ADDACS, AUDDIS, DDICA, AWACS, ARUCS. All or nothing.

The layouts are not public in full. Element and attribute names are those that public programs read; case, dashes and namespaces
do not matter, and a value may stand in an attribute or in an element (docs/bank-files.md says what your bank must confirm).
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from lamplit.basics.advices import KINDS, Advice, Kind, codes, meaning
from lamplit.basics.bacs_days import challenge_until
from lamplit.basics.bank import read_pounds
from lamplit.basics.lines import Problem
from lamplit.basics.plain import Plain
from lamplit.exchange.bank.plain_text import kept
from lamplit.exchange.xml import Element, XmlWrong, read_xml

_ITEMS = {"returneddebititem": "ARUDD", "returnedcredititem": "ARUCS", "ddicadvice": "DDICA", "messagingadvice": ""}
_RECORD_TYPES = {"A": "ADDACS", "V": "AUDDIS"}
_FIELDS = {
    "reference": ("ref", "reference", "sureference", "payerreference"),
    "sort_code": ("payersortcode", "sortcode"),
    "account": ("payeraccountnumber", "payeraccount", "accountnumber", "number"),
    "name": ("payername", "name"),
    "new_sort_code": ("payernewsortcode", "newsortcode"),
    "new_account": ("payernewaccountnumber", "newaccountnumber"),
    "new_name": ("payernewname", "newname"),
    "claim": ("payingbankreference",),
}
_DATES = {
    "processed_on": ("originalprocessingdate", "processingdate"),
    "effective_on": ("effectivedate",),
    "challenge_by": ("duedate",),
}
_USER = ("usernumber", "serviceusernumber")
_CODE, _WORDS = ("returncode", "reasoncode"), ("returndescription", "reasoncodemeaning", "reasondescription")
_SUM, _REPORTED = (
    ("valueof", "totalamount", "amount"),
    ("currentprocessingdate", "reportdate", "processingdate", "reportgenerationdate"),
)


class Report(Plain, frozen=True, kw_only=True):
    """What a report says, or what is wrong with it: never both. `users`: the service users that it names."""

    kind: Kind | None = None
    report: str = ""
    users: frozenset[str] = frozenset()
    reported_on: date | None = None
    advices: tuple[Advice, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_report(data: bytes, kind: Kind | None = None) -> Report:
    """Read a report. `kind` is needed where the file does not say it itself, as with AWACS."""
    try:
        root = read_xml(data)
    except XmlWrong as wrong:
        return Report(problems=(Problem(wrong.line, "", wrong.words),))
    items = [element for element in root.walk() if element.name in _ITEMS]
    found = _kind(root, items)
    if kind is not None and found is not None and kind != found:
        return Report(problems=(Problem(root.line, "", f"This is a report {found}, not {kind}."),))
    kind = kind or found
    if kind is None:
        words = f"This is none of the Bacs reports {', '.join(KINDS)}, or it does not say which. Then name it with --kind."
        return Report(problems=(Problem(root.line, "", words),))
    return _read(root, items, kind)


def _kind(root: Element, items: list[Element]) -> Kind | None:
    """Return which report this is: by an element of its name, by its items, or by the record type of its advices."""
    names = {element.name.upper() for element in root.walk()}
    named = [kind for kind in KINDS if kind in names or f"{kind}ADVICES" in names]
    told = {_ITEMS[item.name] or _RECORD_TYPES.get(_value(item, ("recordtype",)).upper(), "") for item in items}
    by_items = [kind for kind in KINDS if told == {kind}]
    return next(iter(named or by_items), None)


def _read(root: Element, items: list[Element], kind: Kind) -> Report:
    problems = list(_wrong_totals(root))
    reported_on = next((day for day in (_date(_value(e, _REPORTED)) for e in root.walk()) if day), None)
    report = _report_id(root, items, kind, reported_on)
    advices = []
    for number, item in enumerate(items, 1):
        told, wrong = _item(item, kind, reported_on)
        problems += wrong
        if not wrong:
            advices.append(Advice(kind=kind, report=report, item=number, reported_on=reported_on, **told))
    if problems:
        return Report(problems=tuple(problems))
    users = frozenset(found for element in root.walk() if (found := _value(element, _USER)))
    return Report(kind=kind, report=report, users=users, reported_on=reported_on, advices=tuple(advices))


def _report_id(root: Element, items: list[Element], kind: Kind, on: date | None) -> str:
    """Name a report by what it says, so that the same report in other spacing is the same, and another one never is."""
    digest = hashlib.sha256()
    for item in items:
        for element in item.walk():
            digest.update(repr((element.name, sorted(element.attributes.items()), element.text.strip())).encode())
    user = next((found for found in (_value(e, _USER) for e in root.walk()) if found), "")
    return f"{kind}:{user}:{on or ''}:{digest.hexdigest()[:16]}"


def _value(element: Element, names: tuple[str, ...]) -> str:
    """Return the first of these that the element has, as an attribute, a child or an attribute of a child."""
    for name in names:
        if name in element.attributes:
            return kept(element.attributes[name])
        if found := element.words(name):
            return kept(found)
    for child in element.children:
        for name in names:
            if name in child.attributes:
                return kept(child.attributes[name])
    return ""


def _item(item: Element, kind: Kind, reported_on: date | None) -> tuple[dict[str, Any], list[Problem]]:
    told: dict[str, Any] = {name: _value(item, names) or None for name, names in _FIELDS.items()}
    told["reference"] = told["reference"] or ""
    problems = []
    for name, names in _DATES.items():
        text = _value(item, names)
        told[name] = _date(text)
        if text and told[name] is None:
            problems.append(Problem(item.line, name, "That is no date."))
    told["code"] = _code(item, kind, reported_on)
    if told["code"] is None:
        words = f"There is no reason code that can be read. Those of {kind} that we know: {', '.join(codes(kind))}."
        problems.append(Problem(item.line, "code", words))
    if not told["reference"] and not told["account"]:
        problems.append(Problem(item.line, "reference", "The item names neither a reference nor an account."))
    problems += _put_sum(item, kind, told)
    for name in ("sort_code", "new_sort_code"):
        told[name] = re.sub(r"\D", "", told[name]) if told[name] else None
    if kind == "DDICA" and told["challenge_by"] is None and reported_on is not None:
        told["challenge_by"] = challenge_until(reported_on)
    return told, problems


def _put_sum(item: Element, kind: Kind, told: dict[str, Any]) -> list[Problem]:
    text = _value(item, _SUM)
    told["pence"] = read_pounds(text.replace(",", "")) if text else None
    needed = kind in ("ARUDD", "ARUCS", "DDICA")
    if (text or needed) and (told["pence"] is None or told["pence"] < 0 or (needed and not told["pence"])):
        return [Problem(item.line, "amount", "The sum of money cannot be read.")]
    return []


def _code(item: Element, kind: Kind, on: date | None) -> str | None:
    """Return the reason code in one letter or digit, or as it stands there when nobody explained it to us; None: there is none.

    Some reports have numbers of four digits in its place. Their last digit is not the code, so there the words beside it decide.
    A number stays one where its words are none that we know.
    """
    code = _value(item, _CODE).upper()
    if not re.fullmatch(r"[0-9A-Z]|[0-9]{4}", code):
        return None
    if len(code) == 1:
        return code
    said = _plain(_value(item, _WORDS))
    day = on or date.max
    for known in codes(kind):
        found = meaning(kind, known, day)
        if said and found is not None and said in (_plain(found.words), _plain(found.words.split(" by ")[0].split(",")[0])):
            return known
    return code


def _plain(words: str) -> str:
    return re.sub(r"[^a-z]", "", words.lower())


def _date(text: str) -> date | None:
    found = re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})(?:T.*)?", text)
    british = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", text)
    parts = found.groups() if found else british.groups()[::-1] if british else None
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def _wrong_totals(root: Element) -> Iterator[Problem]:
    """Hold each total that the report itself has against what its items make."""
    for element in root.walk():
        items = [child for child in element.children if _ITEMS.get(child.name)]
        totals = element.find("totals")
        count, value = _value(element, ("totalnumberofadvices",)), _value(element, ("totalvalueofdebits",))
        if totals is not None and items:
            count, value = _value(totals, ("numberof",)), _value(totals, ("valueof",))
        if not items:
            continue
        made = sum(read_pounds(_value(item, _SUM).replace(",", "")) or 0 for item in items)
        if value and read_pounds(value.replace(",", "")) != made:
            yield Problem(element.line, "total", "The items do not add up to the total of the report.")
        if count and count.lstrip("0") != str(len(items)):
            yield Problem(element.line, "total", f"The report counts {count[:10]} items and has {len(items)}.")
