"""Charge runs: worked out, looked at, released by a second person, and what became of them."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import Words
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, long_date
from lamplit.desk.forms.rent import FREQUENCIES, ChargeForm
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.rent_words import NOT_CHARGED
from lamplit.desk.rents import HIDDEN, homes_of
from lamplit.desk.runs import by_two, yes
from lamplit.rent import actions, queries

SHOWN = 100
TIME_TO_CHARGE = timedelta(minutes=10)
STATES = Words(
    {"prepared": "waits for a second person", "released": "being charged", "finished": "charged", "withdrawn": "taken back"}
)
CHARGES = Words(
    {
        "rent": "Rent",
        "service": "Service charge that benefit can pay",
        "service_not_eligible": "Service charge that benefit does not pay",
        "support": "Support",
        "water": "Water",
        "heating": "Heating",
        "garage": "Garage",
        "other": "Other",
    }
)


@for_staff("see_arrears")
def runs(request: StaffRequest) -> HttpResponse:
    """Show the last charge runs, and whether the books balance."""
    rows = queries.runs()
    return page(
        request, "charge_runs.html", rows=[_row(row) for row in rows], wrong=queries.wrong_now(),
        title=_("Charge runs"),
    )  # fmt: skip


@for_staff("see_arrears")
def unset(request: StaffRequest) -> HttpResponse:
    """Show the lettings for which nothing was ever set: no run charges them."""
    every = queries.without_terms(london_date(request.now))
    shown = every[:SHOWN]
    homes = homes_of(request, [account for account, __ in shown])
    leads = "set_terms" if "set_terms" in request.me.may else "rent_account"
    rows = [
        {
            "href": reverse(leads, args=[account]) if homes[account] != HIDDEN else None, "home": homes[account],
            "from": full_date(started_on),
        }
        for account, started_on in shown
    ]  # fmt: skip
    return page(
        request, "without_terms.html", rows=rows, count=f"{len(every):,}", more=len(every) > SHOWN, sets=leads == "set_terms",
        title=_("Lettings without a rent"),
    )  # fmt: skip


@for_staff("charge_rent")
def prepare(request: StaffRequest) -> HttpResponse:
    """Work a run out."""
    today = london_date(request.now)
    monday = today + timedelta(days=-today.weekday() % 7)
    form = form_of(request, ChargeForm, initial={"from_on": monday, "frequency": "weekly"})
    done, run = told(form, lambda: actions.prepare_charges(**form.asked(), by=request.by, at=request.now, command=form.command()))
    if done:
        return went(reverse("charge_run", args=[run]))
    return page(
        request,
        "form.html",
        form=form,
        title=_("Charge rent"),
        back=reverse("charge_runs"),
        section="rent",
        button=_("Work it out"),
        note=_("Nothing is charged yet. You see what each kind of charge comes to, and a second person releases it."),
    )


@for_staff("see_arrears")
def run(request: StaffRequest, run: str) -> HttpResponse:
    """Show a run: what it comes to, against the one before, and what stands out."""
    row = found(queries.run(run))
    before = queries.run_before(row)
    charged, pence = queries.charged(run) if row.state in ("released", "finished") else (0, 0)
    return page(
        request, "charge_run.html", row=row, shown=_row(row), charged=charged, charged_pence=pounds(pence),
        lines=_lines(row, before), before=before, looked=_looked_at(request, row, before), by_two=by_two(request, row),
        mine=row.prepared_by == str(request.by), none_charged=_stuck(request, row, nobody=True),
        some_charged=_stuck(request, row, nobody=False), title=_("Charge run of %(day)s") % {"day": long_date(row.from_on)},
    )  # fmt: skip


@for_staff("release_charges")
def release(request: StaffRequest, run: str) -> HttpResponse:
    """Release a run that somebody else worked out."""
    row = found(queries.run(run))
    if row.state != "prepared":
        raise Http404
    return yes(
        request,
        lambda **how: actions.release_charges(run=run, **how),
        reverse("charge_run", args=[run]),
        button=_("Charge them"),
        title=_("Charge %(accounts)s accounts %(sum)s?") % {"accounts": f"{row.accounts:,}", "sum": pounds(row.pence)},
        note=_("It begins at once and takes some seconds."),
    )


@for_staff("charge_rent")
def withdraw(request: StaffRequest, run: str) -> HttpResponse:
    """Take a run back that has charged nobody."""
    row = found(queries.run(run))
    if row.state != "prepared" and not _stuck(request, row, nobody=True):
        raise Http404
    return yes(
        request, lambda **how: actions.withdraw_charges(run=run, **how), reverse("charge_run", args=[run]),
        button=_("Take it back"), title=_("Take this run back?"), note=_("Nothing was charged. It can be worked out again."),
    )  # fmt: skip


@for_staff("release_charges")
def close(request: StaffRequest, run: str) -> HttpResponse:
    """Close a run that was cut off and can charge no further, with what it charged."""
    row = found(queries.run(run))
    if not _stuck(request, row, nobody=False):
        raise Http404
    accounts, pence = queries.charged(run)
    return yes(
        request,
        lambda **how: actions.close_charges(run=run, **how),
        reverse("charge_run", args=[run]),
        button=_("Close it"),
        title=_("Close this run with %(sum)s of %(all)s?") % {"sum": pounds(pence), "all": pounds(row.pence)},
        note=_("%(accounts)s of %(all)s accounts were charged. Who is left is caught up by the next run.")
        % {"accounts": f"{accounts:,}", "all": f"{row.accounts:,}"},
    )


def _stuck(request: StaffRequest, row: Any, *, nobody: bool) -> bool:
    """Whether a released run has had its time and did not come to its end; `nobody`: and has charged nobody."""
    if row.state != "released" or request.now - row.released_at < TIME_TO_CHARGE:
        return False
    accounts, __ = queries.charged(row.id)
    return (accounts == 0) is nobody


def _row(row: Any) -> dict[str, Any]:
    return {
        "href": reverse("charge_run", args=[row.id]),
        "frequency": FREQUENCIES[row.frequency],
        "from": long_date(row.from_on),
        "to": long_date(row.to_on),
        "accounts": f"{row.accounts:,}",
        "pence": pounds(row.pence),
        "state": STATES[row.state],
        "left_out": f"{row.left_out:,}",
    }


def _lines(row: Any, before: Any) -> list[dict[str, str]]:
    """Return what each kind of charge comes to, and how that differs from the run before."""
    earlier = dict(before.by_charge) if before is not None else {}
    return [
        {
            "name": CHARGES[charge],
            "pence": pounds(pence),
            "differs": _differs(pence - earlier[charge]) if charge in earlier else "",
        }
        for charge, pence in row.by_charge
    ]


def _differs(pence: int) -> str:
    if not pence:
        return _("the same")
    return (_("%(sum)s more") if pence > 0 else _("%(sum)s less")) % {"sum": pounds(abs(pence))}


def _looked_at(request: StaffRequest, row: Any, before: Any) -> dict[str, Any] | None:
    """Return, while a run waits, its largest sums, what changed since the run before, who is caught up or left out and why."""
    if row.state != "prepared":
        return None
    worked = queries.work_out(row.frequency, row.from_on, row.to_on)
    largest = worked.outliers[:10]
    since = queries.since_before(worked, before)
    most = since.most if since is not None else []
    homes = homes_of(request, [account for account, __ in largest] + [one.account for one in most])
    return {
        "largest": [{"account": account, "pence": pounds(pence), "home": homes[account]} for account, pence in largest],
        "since": since,
        "most": [
            {
                "href": reverse("rent_account", args=[one.account]) if homes[one.account] != HIDDEN else None,
                "home": homes[one.account],
                "before": pounds(one.before) if one.before else _("not charged"),
                "now": pounds(one.now) if one.now else _("not charged"),
                "differs": _differs(one.now - one.before),
            }
            for one in most
        ],
        "caught_up": len(worked.caught_up),
        "left_out": [(NOT_CHARGED[why], f"{count:,}") for why, count in worked.left_out.most_common()],
        "without_terms": worked.left_out["no terms are set"],
        "changed": worked.digest != row.digest,
    }
