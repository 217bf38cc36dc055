"""Writing the made-up landlord: a batch of homes a page, in several processes, each batch once."""

import gc
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connections

from lamplit.basics.ids import SeededIds
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.cli.seed.crew import Crew, make_crew, opening
from lamplit.cli.seed.homes import HomeTold, tell_site
from lamplit.cli.seed.others import tell_others
from lamplit.cli.seed.people import tell_households
from lamplit.cli.seed.plan import Site, chance, cut, make_sites
from lamplit.cli.seed.present import tell_present
from lamplit.cli.seed.rent import AT_ONCE, page_of
from lamplit.cli.seed.repairs import tell_repairs
from lamplit.cli.seed.said import tell_complaint
from lamplit.cli.seed.story import IMPORT, Story
from lamplit.record.page import Item, open_bulk
from lamplit.rent import queries
from lamplit.rent.queries import Let

STAFF_SINCE = timedelta(days=30)  # an account that nobody uses for 90 days is shut
PRESENT_EVERY = 1_200  # homes to each dozen of repairs that stand on the desk this morning


class Landlord(Plain, frozen=True):
    """Which landlord: the same values give the same one. `now` is its present, `begins` when its record does."""

    homes: int
    years: int
    seed: int
    now: datetime
    begins: datetime


def make_story(landlord: Landlord, crew: Crew, number: int, batches: list[list[Site]], new_id: SeededIds | None = None) -> Story:
    """Tell one batch. `new_id` makes its ids."""
    ids = new_id or SeededIds(landlord.seed * 1_000_003 + number)
    story = Story(chance(landlord.seed, f"batch {number}"), ids, crew, landlord.begins, landlord.now, number, len(batches))
    if number == 0:
        for fact in opening(crew, landlord.seed, landlord.now):
            story.tell(fact, landlord.now - STAFF_SINCE)
    homes = [home for site in batches[number] for home in tell_site(story, site, parts=landlord.years > 0)]
    for home in homes:
        tell_households(story, home, landlord.years)
    if number == 0:
        tell_others(story, chance(landlord.seed, "planted"), SeededIds(landlord.seed * 1_000_003 - 1))
    if landlord.years:
        _tell_history(story, homes, landlord, sum(len(site.homes) for batch in batches[:number] for site in batch))
    return story


def _tell_history(story: Story, homes: list[HomeTold], landlord: Landlord, before: int) -> None:
    for home in homes:
        tell_repairs(story, home, landlord.years)
    for home in homes:
        if story.likely(0.009):
            tell_complaint(story, home)
    for _ in range(
        (before + len(homes)) // PRESENT_EVERY - before // PRESENT_EVERY + (before == 0 and landlord.homes < PRESENT_EVERY)
    ):
        tell_present(story, homes)


def write_batch(landlord: Landlord, number: int, batches: list[list[Site]]) -> int:
    """Write one batch as one page. Returns how many facts; 0 when it is in the record already."""
    crew, ids = make_crew(landlord.homes, landlord.seed, landlord.begins), SeededIds(landlord.seed * 1_000_003 + number)
    command = f"seed:{landlord.seed}:{landlord.homes}:{landlord.years}:{number}"
    try:
        with open_bulk(by=IMPORT, at=landlord.begins, command=command, ids=ids) as page:
            items: list[Item] = make_story(landlord, crew, number, batches, page.new_id).in_order()  # type: ignore[arg-type]
            return page.write_many(items)
    except Refused as refused:
        if refused.code != "record.already_written":
            raise
        return 0


def write_rent(landlord: Landlord, number: int, lets: list[Let]) -> int:
    """Write the rent of one page of accounts. Returns how many facts; 0 when it is in the record already."""
    ids = SeededIds(landlord.seed * 1_000_003 + 500_009 + number)
    command = f"seed:rent:{landlord.seed}:{landlord.homes}:{landlord.years}:{number}"
    try:
        with open_bulk(by=IMPORT, at=landlord.begins, command=command, ids=ids) as page:
            accounts = [one.account for one in lets]
            for table in ("RentBalance", "RentAccount"):
                page.preload(apps.get_model("rent", table), accounts)
            page.preload_keys(accounts)
            return page.write_many(
                page_of(number, lets, landlord.seed, landlord.begins, landlord.now, history=landlord.years > 0, new_id=ids)
            )
    except Refused as refused:
        if refused.code != "record.already_written":
            raise
        return 0


def write(landlord: Landlord, processes: int) -> Iterator[tuple[int, int, int]]:
    """Write every batch that is not in the record: homes, then rent. Yields (batches done, batches, facts of the last one)."""
    yield from write_homes(landlord, processes)
    lets = queries.lets()
    pages = [lets[start : start + AT_ONCE] for start in range(0, len(lets), AT_ONCE)]
    yield from _in_processes(write_rent, [(landlord, number, page) for number, page in enumerate(pages)], processes)


def write_homes(landlord: Landlord, processes: int) -> Iterator[tuple[int, int, int]]:
    """Write the batches of homes, people and repairs; as `write`."""
    _BATCHES[:] = cut(make_sites(landlord.homes, landlord.seed))
    yield from _in_processes(_write_one, [(landlord, number) for number in range(len(_BATCHES))], processes)


def _write_one(landlord: Landlord, number: int) -> int:
    return write_batch(landlord, number, _BATCHES)


_BATCHES: list[list[Site]] = []  # inherited by each process when it forks: those of a large landlord are slow to pickle


def _in_processes(work: Any, jobs: list[tuple[Any, ...]], processes: int) -> Iterator[tuple[int, int, int]]:
    connections.close_all()  # each process opens its own
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(max(1, min(processes, len(jobs))), mp_context=fork, initializer=gc.disable) as pool:
        waiting = [pool.submit(work, *job) for job in jobs]
        try:
            for done, finished in enumerate(as_completed(waiting), 1):
                yield done, len(jobs), finished.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
