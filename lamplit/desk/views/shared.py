"""Cases bigger than one home: a report for the shared parts of a block, and the homes that a repair concerns too."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.receipts import wait_until_kept
from lamplit.config.speaking import gettext as _
from lamplit.desk import words
from lamplit.desk.forms.diary import LinkHomeForm, SharedReportForm
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.seeing import hidden_people
from lamplit.homes import queries as homes
from lamplit.people import queries as people
from lamplit.repairs import actions, queries
from lamplit.tenancies import queries as tenancies


@for_staff("report_repair")
def report_block(request: StaffRequest, block: str) -> HttpResponse:
    """Report something in the shared parts of a block. What is open there already stands beside it."""
    row = found(homes.block(block))
    form = form_of(request, SharedReportForm, now=request.now, residents=_residents(request, block))
    done, reported = told(form, lambda: _report(request, form, block))
    if done and reported is not None:
        wait_until_kept(form.command())
        return went(reverse("desk_repair", args=[reported.leads]))
    there = ", ".join(words.readable(one.title, _("A repair")) for one in queries.open_shared(block))
    note = (
        _("Open there already: %(there)s. A report of the same trouble joins it, and still counts.") % {"there": there}
        if there
        else ""
    )
    return page(
        request,
        "form.html",
        form=form,
        title=_("Report for the shared parts: %(name)s") % {"name": words.readable(row.name, _("a block"))},
        note=note,
        back=reverse("desk_report"),
        button=_("Send the report"),
        section="report",
    )


def _residents(request: StaffRequest, block: str) -> list[tuple[str, str]]:
    """Return who lives in a block and is no child, by name; nobody who is hidden from whoever asks."""
    there = {home.id: home for home in homes.homes_of_block(block)}
    living = tenancies.households_at(list(there), london_date(request.now))
    grown = [(one.person, home) for home, lives in living.items() for one in lives if one.role != "child"]
    hidden, names = hidden_people(request, [person for person, __ in grown]), people.people(person for person, __ in grown)
    return sorted(
        (
            (person, f"{people.full_name(names[person])}, {words.short_address(there[home].address)}")
            for person, home in grown
            if person not in hidden and person in names
        ),
        key=lambda pair: pair[1],
    )


def _report(request: StaffRequest, form: Any, block: str) -> actions.Reported:
    said = form.cleaned_data
    return actions.report_shared(
        block=block, channel=said["channel"], said=actions.Said(fault=said["fault"]), words_said=said["words_said"] or None,
        reporter=said["reporter"] or None, needs=said["needs"], by=request.by, at=form.happened_at, command=form.command(),
    )  # fmt: skip


@for_staff("order_work")
def linked_homes(request: StaffRequest, repair: str) -> HttpResponse:
    """Say that a repair concerns another home too, or that it does not after all."""
    row = found(queries.repair(repair))
    form = form_of(request, LinkHomeForm, near=_near(row))
    done, __ = told(form, lambda: _link(request, form, row.id))
    back = reverse("desk_repair", args=[row.id])
    return (
        went(back)
        if done
        else page(
            request,
            "form.html",
            form=form,
            title=_("Homes that it concerns too: %(reference)s") % {"reference": row.reference},
            back=back,
            button=_("Save"),
            section="queue",
            note=_(
                "That household sees it in its account, with its own visits and nothing of the other home. "
                "What its people need counts, and it is asked too whether it is mended."
            ),
        )
    )


def _near(row: Any) -> list[tuple[str, str]]:
    """Return the other homes of the block, from the ground up."""
    home = homes.home(row.home)
    if home is None or home.block is None:
        return []
    return [(one.id, homes.address_line(one)) for one in homes.homes_of_block(home.block) if one.id != row.home]


def _link(request: StaffRequest, form: Any, repair: str) -> None:
    said = form.cleaned_data
    ended = said["part"] == "ended"
    actions.link_home(
        repair=repair, home=said["home"], part="affected" if ended else said["part"], says=said["says"] or None, ended=ended,
        by=request.by, at=request.now, command=form.command(),
    )  # fmt: skip
