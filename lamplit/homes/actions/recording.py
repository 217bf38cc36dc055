"""Homes, blocks, notes and parts, one at a time."""

from datetime import date, datetime
from typing import Literal

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.homes import facts, queries, rules
from lamplit.homes.models import Block, Component, Home, HomeNote
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy, tidy_lines, tidy_struct

PartName = Literal["boiler", "consumer_unit", "smoke_alarm", "co_alarm", "extractor_fan", "lift", "other"]
CheckName = Literal["gas_safety", "electrical", "alarm", "fire_risk", "legionella", "lift", "other"]


@action
def record_block(
    page: Page,
    *,
    name: str,
    address: list[str],
    postcode: str | None = None,
    block: str | None = None,
    by: By,
    at: datetime,
    command: str,
) -> str:
    """Record a block, or put one right when `block` names it. Returns its id.

    Refused: homes.no_such_block, homes.no_name, homes.no_address, homes.bad_postcode.
    """
    if block is not None and page.lock(Block, block) is None:
        raise Refused("homes.no_such_block")
    there = queries.block(block) if block is not None else None
    block = block or page.new_id("b")
    checked = rules.check_block(name=tidy(name), address=tidy_lines(address), postcode=tidy(postcode))
    page.write(
        facts.BlockRecorded(
            block=block,
            name=checked.name,
            address=checked.address,
            postcode=checked.postcode,
            reference=there.reference if there is not None and isinstance(there.reference, str) else None,
        )
    )
    return block


@action
def record_home(
    page: Page,
    *,
    address: list[str],
    postcode: str | None = None,
    uprn: str | None = None,
    block: str | None = None,
    storey: int | None = None,
    stack: int | None = None,
    shape: str | None = None,
    bedrooms: int | None = None,
    by: By,
    at: datetime,
    command: str,
) -> str:
    """Record a home. `storey` 0 is the ground; `stack` numbers the homes of one storey from left to right. Returns its id.

    Refused: homes.no_such_block, homes.bad_place, homes.uprn_taken, and what `rules.check_particulars` refuses.
    """
    home = page.new_id("h")
    what = rules.check_particulars(
        uprn=tidy(uprn), address=tidy_lines(address), postcode=tidy(postcode), shape=tidy(shape), bedrooms=bedrooms
    )
    _check_place(page, block, storey, stack)
    _check_uprn(what.uprn, None)
    page.write(
        facts.HomeRecorded(
            home=home,
            block=block,
            storey=storey,
            stack=stack,
            uprn=what.uprn,
            address=what.address,
            postcode=what.postcode,
            shape=what.shape,
            bedrooms=what.bedrooms,
        )
    )
    return home


@action
def correct_home(
    page: Page,
    *,
    home: str,
    why: str,
    address: list[str],
    postcode: str | None = None,
    uprn: str | None = None,
    block: str | None = None,
    storey: int | None = None,
    stack: int | None = None,
    shape: str | None = None,
    bedrooms: int | None = None,
    by: By,
    at: datetime,
    command: str,
) -> None:
    """Put right what we believe of a home: give all of it. What we believed before stays in its beliefs.

    Refused: homes.no_such_home, homes.no_reason, and what `record_home` refuses.
    """
    if page.lock(Home, home) is None:
        raise Refused("homes.no_such_home")
    if tidy(why) is None:
        raise Refused("homes.no_reason")
    what = rules.check_particulars(
        uprn=tidy(uprn), address=tidy_lines(address), postcode=tidy(postcode), shape=tidy(shape), bedrooms=bedrooms
    )
    _check_place(page, block, storey, stack)
    _check_uprn(what.uprn, home)
    page.write(
        facts.HomeCorrected(
            home=home,
            block=block,
            storey=storey,
            stack=stack,
            uprn=what.uprn,
            address=what.address,
            postcode=what.postcode,
            shape=what.shape,
            bedrooms=what.bedrooms,
            why=tidy(why),
        )
    )


@action
def note_home(
    page: Page, *, home: str, about: facts.HomeNote, note: str | None = None, by: By, at: datetime, command: str
) -> str:
    """Note something to know before going there, or change or end it (`ended_on`) when `note` names it. Returns its id.

    Refused: homes.no_such_home, homes.no_such_note, homes.note_says_nothing, homes.note_without_source, homes.dates_out_of_order.
    """
    if page.lock(Home, home) is None:
        raise Refused("homes.no_such_home")
    if note is not None:
        row = page.lock(HomeNote, note)
        if row is None or row.home != home:
            raise Refused("homes.no_such_note")
    note = note or page.new_id("n")
    page.write(facts.HomeNoted(note=note, home=home, about=rules.check_note(tidy_struct(about))))
    return note


@action
def record_component(
    page: Page,
    *,
    home: str,
    what: PartName,
    installed_on: date | None = None,
    removed_on: date | None = None,
    model: str | None = None,
    serial: str | None = None,
    place: str | None = None,
    component: str | None = None,
    by: By,
    at: datetime,
    command: str,
) -> str:
    """Record a part of a home, or put right or take out one that `component` names. Returns its id.

    Refused: homes.no_such_home, homes.no_such_component, homes.dates_out_of_order.
    """
    if page.lock(Home, home) is None:
        raise Refused("homes.no_such_home")
    if component is not None:
        row = page.lock(Component, component)
        if row is None or row.home != home:
            raise Refused("homes.no_such_component")
    rules.check_order(installed_on, removed_on)
    component = component or page.new_id("q")
    page.write(
        facts.ComponentRecorded(
            component=component,
            home=home,
            what=what,
            installed_on=installed_on,
            removed_on=removed_on,
            model=tidy(model),
            serial=tidy(serial),
            place=tidy(place),
        )
    )
    return component


@action
def record_check(
    page: Page,
    *,
    component: str,
    check: CheckName,
    checked_on: date,
    satisfactory: bool,
    next_due_on: date | None = None,
    found: str | None = None,
    by: By,
    at: datetime,
    command: str,
) -> str:
    """Record a safety check of a part. Returns the check's id.

    Refused: homes.no_such_component, homes.component_removed, homes.checked_later, homes.dates_out_of_order,
    homes.check_failed_without_words.
    """
    row = page.lock(Component, component)
    if row is None:
        raise Refused("homes.no_such_component")
    if row.removed_on is not None and row.removed_on < checked_on:
        raise Refused("homes.component_removed")
    rules.check_check(checked_on, next_due_on, satisfactory, tidy(found), london_date(at))
    return page.write(
        facts.ComponentChecked(
            component=component,
            home=row.home,
            check=check,
            checked_on=checked_on,
            satisfactory=satisfactory,
            next_due_on=next_due_on,
            found=tidy(found),
        )
    )


def _check_place(page: Page, block: str | None, storey: int | None, stack: int | None) -> None:
    if block is not None and page.lock(Block, block) is None:
        raise Refused("homes.no_such_block")
    if not (storey is None or -9 <= storey <= 99) or not (stack is None or 0 <= stack <= 999):
        raise Refused("homes.bad_place")


def _check_uprn(uprn: str | None, home: str | None) -> None:
    if uprn is not None and Home.objects.filter(uprn_key=uprn).exclude(id=home or "").exists():
        raise Refused("homes.uprn_taken")
