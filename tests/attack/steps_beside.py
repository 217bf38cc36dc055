"""Steps with what stands beside a repair: surveys, money, places to stay, reviews, patches. As `steps.py`."""

from datetime import date
from typing import Any

from lamplit.basics import who
from lamplit.homes.models import Block
from lamplit.repairs import actions as repairs
from lamplit.repairs.models import Repair, Review, Stay, Variation, Visit, Work
from lamplit.staff import actions as staff
from lamplit.staff.models import Contractor, Patch, Staff
from tests import cast
from tests.attack.player import Player, Step


def survey(p: Player) -> Any:
    rate = repairs.Measured(code=p.dice.choice(["PL-1", "ZZ-1"]), hundredths=p.dice.choice([0, 50, 300]))
    works = [repairs.WorkFound(what=p.words(), trade="plumber", rate=p.dice.choice([None, None, rate])) for _ in range(2)]
    own = p.dice.choice([None, p.pick(Work, trade="surveyor")])
    findings = p.dice.choice([None, [(1, "none")], [(1, "significant")], [(2, "significant")]])
    told = {"found": p.words(), "cause": p.maybe(p.words()), "findings": findings, "work": own}
    return p.do(repairs.record_survey, repair=p.pick(Repair, live=True), surveyor=p.pick(Staff), works=works, **told)


def prove(p: Player) -> Any:
    work = p.pick(Work, state="done")
    did = Visit.objects.filter(work=work, state="attended").values_list("attended_by", flat=True).first()
    kind = p.dice.choice(["photo", "note", "test_or_isolation"])
    told = {"says": p.words(), "electrics": p.maybe("tested"), "by": who.read(did) if did else p.by()}
    return p.do(repairs.prove_work, work=work, kind=kind, **told)


def import_rates(p: Player) -> Any:
    row = repairs.RateRow(
        line=2, code="PL-1", says=p.words(), trade="plumber", unit="item", pence=p.dice.choice([100, 90_000]),
        from_on=date(2026, 1, p.dice.choice([1, 2])),
    )  # fmt: skip
    return p.do(repairs.import_rates, rows=[row], rehearse=False)


def ask_for_more(p: Player) -> Any:
    pence = p.dice.choice([None, 5_000, 500_000])
    told = {"more": p.dice.choice(["work", "money"]), "pence": pence, "make_safe": p.dice.choice([True, False])}
    return p.do(repairs.ask_variation, work=p.pick(Work), what=p.words(), why=p.words(), **told)


def decide(p: Player) -> Any:
    told = {"agreed": p.dice.choice([True, False]), "pence": p.maybe(700), "why": p.words(), "by": cast.BY_DELE}
    return p.do(repairs.decide_variation, variation=p.pick(Variation, state="waiting"), **told)


def offer_stay(p: Player) -> Any:
    told = {"who": p.words(), "place": p.words(), "from_on": p.at.date(), "pence": 100}
    return p.do(repairs.offer_stay, repair=p.pick(Repair, live=True), **told)


def answer_stay(p: Player) -> Any:
    told = {"accepted": p.dice.choice([True, True, False]), "channel": "call", "says": p.words()}
    return p.do(repairs.answer_stay, stay=p.pick(Stay, state="offered"), **told)


def move(p: Player) -> Any:
    if p.dice.choice([True, False]):
        return p.do(repairs.begin_stay, stay=p.pick(Stay, state="accepted"))
    return p.do(repairs.end_stay, stay=p.pick(Stay), moved_back=p.dice.choice([True, False]), pence=p.maybe(5))


def review(p: Player) -> Any:
    if p.dice.choice([True, False]):
        return p.do(repairs.give_review, review=p.pick(Review), owner=p.pick(Staff))
    return p.do(repairs.close_review, review=p.pick(Review), finding=p.words(), changes=p.words(), tells=p.words())


def cover(p: Player) -> Any:
    if p.dice.choice([True, False]):
        return p.do(staff.record_patch, name=p.words(), blocks=[p.pick(Block)], postcodes=["ZZ1"])
    place = p.maybe(p.pick(Patch))
    return p.do(staff.record_cover, contractor=p.pick(Contractor), trade="plumber", patch=place, from_on=p.at.date())


BESIDE: list[Step] = [survey, prove, import_rates, ask_for_more, decide, offer_stay, answer_stay, move, review, cover]
