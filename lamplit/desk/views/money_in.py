"""Money that came in: its files, what waits in suspense and whose it may be, and whom it belongs to."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import Words, counted
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, full_moment
from lamplit.desk.forms.money_in import BOOKS, NEVER, SIDES, LookAgainForm, MatchForm, NeverForm, SettleForm, TakeOffForm
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.rents import HIDDEN, hidden_accounts
from lamplit.desk.words import readable
from lamplit.rent import actions, queries

SOURCES = Words({"bank": "Bank", "allpay": "Allpay", "paypoint": "PayPoint", "hb": "Housing Benefit", "uc": "Universal Credit"})
CAME = Words({"bank": "the bank", "card": "a payment card", "benefit": "a benefit schedule"})
TROUBLES = Words(
    {
        "serial_missing": "A file before this one is missing",
        "serial_repeated": "Its serial, or every line of it, was there before, so all of it waits",
        "balance_gap": "It does not begin where the last one closed",
    }
)
STATES = Words({"posted": "on an account", "suspense": "waits in suspense", "settled": "no tenant’s"})
HOW = Words({
    "reference": "by its number", "repaired": "by its number, typed a little wrong", "claim": "by the claim’s number",
    "payer": "by who paid before", "name_amount": "by name and sum", "name": "by name", "person": "by a person",
})  # fmt: skip


SHOWN = 200  # lines of suspense on one page


@for_staff("match_money")
def files(request: StaffRequest) -> HttpResponse:
    """Show the last files, what became of them, and what is wrong with their serials."""
    waiting, pence = queries.suspense_total()
    files = queries.money_files()
    names = Names([row.explained_by for row, __ in files], may=request.me.may)
    rows = [
        {
            "href": reverse("money_file", args=[row.id]),
            "name": f"{SOURCES[row.source]}, {row.label}",
            "serial": row.serial or _("none"),
            "taken": row.taken_at,
            "sums": _sums(row),
            "posted": f"{counts.posted:,}",
            "waiting": f"{counts.waiting:,}, {pounds(counts.waiting_pence)}" if counts.waiting else _("none"),
            "state": _("Done") if row.state == "finished" else _("Not finished: import it again"),
            "trouble": _trouble(row),
            "never": _never(row, names),
        }
        for row, counts in files
    ]
    return page(
        request, "money_files.html", rows=rows, wrong=queries.wrong_now(), missing=_missing(request),
        waiting=f"{counted('%(count)s line', '%(count)s lines', waiting)}, {pounds(pence)}" if waiting else None,
    )  # fmt: skip


def _missing(request: StaffRequest) -> list[dict[str, str]]:
    """Say which payment files are missing now, and where somebody says that one never comes."""
    on = london_date(request.now)
    gaps = [(one.source, one.label, one.expected, one.before) for one in queries.files_missing(on)]
    since = _("none since %(day)s")
    quiet = [(one.source, one.label, since % {"day": full_date(one.on)}, one.last) for one in queries.files_quiet(on)]
    return [
        {"words": f"{SOURCES[source]}, {label}: {missing}", "href": reverse("never_comes", args=[file])}
        for source, label, missing, file in (*gaps, *quiet)
    ]


def _never(row: Any, names: Names) -> str | None:
    """Say what a person said of files beside this one that never come."""
    sides = [(SIDES[side], why) for side, why in (("before", row.none_before), ("after", row.none_after)) if why is not None]
    if not sides:
        return None
    said = "; ".join(_("%(side)s never comes: %(why)s") % {"side": side, "why": NEVER[why].lower()} for side, why in sides)
    return f"{said}. {readable(row.explained, '')} {names.of(row.explained_by)}, {full_moment(row.explained_at)}"


@for_staff("match_money")
def never_comes(request: StaffRequest, file: str) -> HttpResponse:
    """Say that what seems to be missing beside a file never comes, or that this was a mistake."""
    row = found(queries.money_file(file))
    again = row.none_before is not None or row.none_after is not None
    sides = queries.missing_beside(row, london_date(request.now))
    if not again and not sides:
        raise Http404
    form = form_of(request, LookAgainForm) if again else form_of(request, NeverForm, sides=sides)

    def do() -> str:
        given = {"file": file, **form.cleaned_data, **_sent(request, form)}
        given.pop("nonce", None)
        return actions.look_for_file_again(**given) if again else actions.explain_file(**given)

    done, __ = told(form, do)
    if done:
        return went(reverse("money_files"))
    return page(
        request,
        "form.html",
        form=form,
        section="rent",
        back=reverse("money_file", args=[file]),
        title=_("Look for it again?") if again else _("A file never comes"),
        button=_("Look for it again") if again else _("It never comes"),
        note=_("Nobody is chased until it is in, or you take this back with a reason.")
        if again
        else _("Until it is in, nobody is chased for rent: a payment may be in it. Once you say this, steps go on without it."),
    )


def _sums(row: Any) -> str:
    said = _("%(in)s in, %(out)s out") if row.debit_pence else _("%(in)s in")
    return said % {"in": pounds(row.credit_pence), "out": pounds(row.debit_pence)}


def _trouble(row: Any) -> str | None:
    if row.trouble is None:
        return None
    said = TROUBLES[row.trouble]
    return f"{_('%(trouble)s (expected: %(expected)s)') % {'trouble': said, 'expected': row.expected} if row.expected else said}."


@for_staff("match_money")
def money_file(request: StaffRequest, file: str) -> HttpResponse:
    """Show the lines of a file, a page at a time."""
    row = found(queries.money_file(file))
    after = request.GET.get("after", "")
    lines = queries.money_lines(file, after=int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else -1)
    hidden = hidden_accounts(request, [line.account for line in lines if line.account])
    shown = [_line(line) | {"home": _home(line.account, hidden)} for line in lines]
    return page(
        request, "money_file.html", row=row, lines=shown, title=f"{SOURCES[row.source]}, {row.label}", sums=_sums(row),
        trouble=_trouble(row), never=_never(row, Names([row.explained_by], may=request.me.may)),
        may_say=_may_say(row, request), more=lines[-1].number if len(lines) == 200 else None,
    )  # fmt: skip


def _may_say(row: Any, request: StaffRequest) -> str | None:
    """Return what somebody may say of files beside this one."""
    if row.none_before is not None or row.none_after is not None:
        return _("Look for it again")
    sides = queries.missing_beside(row, london_date(request.now))
    return _("The file before it never comes") if "before" in sides else _("No more files come from this firm") if sides else None


def _line(line: Any) -> dict[str, Any]:
    says: dict[str, Any] = line.told if isinstance(line.told, dict) else {}
    return {
        "href": reverse("money_line", args=[line.file, line.number]), "number": line.number, "on": full_date(line.on),
        "pence": pounds(line.pence), "reference": says.get("reference") or _("no reference"), "payer": says.get("payer"),
        "ending": says.get("ending"), "from": CAME[line.source], "state": STATES[line.state],
        "how": _how(line),
        "book": BOOKS.get(line.book or ""),
    }  # fmt: skip


def _how(line: Any) -> str | None:
    if not line.how:
        return None
    return _("%(how)s, %(sure)s of 100 sure") % {"how": HOW[line.how], "sure": line.sure} if line.sure else HOW[line.how]


def _home(account: str | None, hidden: set[str]) -> str | None:
    if account is None:
        return None
    return HIDDEN if account in hidden else queries.address(account)


@for_staff("match_money")
def suspense(request: StaffRequest) -> HttpResponse:
    """Show what waits, the oldest first."""
    today = london_date(request.now)
    old, asked = queries.old_after(today), request.GET.get("from", "")
    first = int(asked) if asked.isdecimal() and len(asked) < 7 else 0
    rows = [
        _line(line) | {"age": _age(line.on, today), "old": (today - line.on).days > old}
        for line in queries.suspense(first, SHOWN)
    ]
    count, pence = queries.suspense_total()
    return page(
        request,
        "suspense.html",
        rows=rows,
        total=f"{counted('%(count)s line', '%(count)s lines', count)}, {pounds(pence)}",
        count=count,
        more=f"{reverse('suspense')}?from={first + SHOWN}" if count > first + SHOWN else None,
    )


def _age(on: date, today: date) -> str:
    days = (today - on).days
    return _("today") if days < 1 else _("yesterday") if days == 1 else _("%(days)s days") % {"days": days}


@for_staff("match_money")
def money_line(request: StaffRequest, file: str, number: int) -> HttpResponse:
    """Show one line: where it is; or, while it waits, whose it may be and why."""
    line = found(queries.money_line(f"{file}.{number}"))
    waits = line.state == "suspense"
    may_be = queries.suggestions(line, london_date(request.now)) if waits else []
    hidden = hidden_accounts(request, [one.account for one in may_be] + ([line.account] if line.account else []))
    suggested = [
        (
            one.account,
            _("%(hidden)s. %(why)s %(sure)s of 100 sure.")
            % {"hidden": _home(one.account, hidden), "why": one.why, "sure": one.sure},
        )
        for one in may_be
    ]
    form = form_of(request, MatchForm, suggested=suggested)
    done = False
    if waits and request.method == "POST":
        done, __ = told(
            form, lambda: actions.match_payment(line=line.id, account=form.cleaned_data["account"], **_sent(request, form))
        )
    if done:
        return went(reverse("suspense"))
    return page(
        request, "money_line.html", line=line, shown=_line(line), form=form if waits else None, home=_home(line.account, hidden),
        title=_("%(sum)s of %(day)s") % {"sum": pounds(line.pence), "day": full_date(line.on)},
    )  # fmt: skip


@for_staff("match_money")
def settle(request: StaffRequest, file: str, number: int) -> HttpResponse:
    """Say that a line is no tenant's."""
    line = found(queries.money_line(f"{file}.{number}"))
    if line.state != "suspense":
        raise Http404
    form = form_of(request, SettleForm)
    done, __ = told(
        form,
        lambda: actions.settle_suspense(
            line=line.id, book=form.cleaned_data["book"], note=form.cleaned_data["note"], **_sent(request, form)
        ),
    )
    if done:
        return went(reverse("suspense"))
    return page(
        request,
        "form.html",
        form=form,
        title=_("%(sum)s: no tenant’s") % {"sum": pounds(line.pence)},
        section="rent",
        button=_("Settle it"),
        back=reverse("money_line", args=[file, number]),
        note=_("It leaves suspense. The books keep where it went."),
    )


@for_staff("match_money")
def take_off(request: StaffRequest, file: str, number: int) -> HttpResponse:
    """Take a payment off the account that it is on."""
    line = found(queries.money_line(f"{file}.{number}"))
    if line.state != "posted":
        raise Http404
    form = form_of(request, TakeOffForm)
    done, __ = told(
        form,
        lambda: actions.take_off_payment(
            line=line.id, why=form.cleaned_data["why"], note=form.cleaned_data["note"], **_sent(request, form)
        ),
    )
    back = reverse("money_line", args=[file, number])
    if done:
        return went(back)
    return page(
        request,
        "form.html",
        form=form,
        title=_("Take %(sum)s off this account?") % {"sum": pounds(line.pence)},
        section="rent",
        back=back,
        button=_("Take it off"),
        note=_("It waits in suspense again. Both lines stay on the account."),
    )


def _sent(request: StaffRequest, form: Any) -> dict[str, Any]:
    return {"by": request.by, "at": request.now, "command": form.command()}
