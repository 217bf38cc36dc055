"""A line disputed and answered, "I have paid" said and looked for, a plan agreed and ended."""

from datetime import date, datetime, timedelta

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy
from lamplit.rent import facts, queries
from lamplit.rent.actions.accounts import lock_account
from lamplit.rent.facts import OWED
from lamplit.rent.facts.standing import WayName
from lamplit.rent.models import Dispute, LedgerLine, RentPlan, SaidPayment
from lamplit.rent.rules import plans
from lamplit.rent.rules.figures import policy
from lamplit.rent.rules.ledger import MOST_PENCE

_OLDEST = timedelta(days=60)  # of a payment that she tells us of: what is older, a person looks into with her


@action
def dispute_line(
    page: Page, *, account: str, line: str | None = None, words: str | None = None, by: By, at: datetime, command: str
) -> str:
    """Say that a line of the books is wrong, or the account as a whole. Returns the dispute; one that is open stays the one.

    Refused: rent.no_such_account, rent.no_such_line.
    """
    owes = lock_account(page, account)
    there = Dispute.objects.filter(account=account, line=line, outcome=None).first()
    if there is not None:
        return str(there.id)
    if line is None:
        pence = owes.rent + owes.former + owes.occupation
    else:
        row = LedgerLine.objects.filter(id=line, account=account).first()
        if row is None:
            raise Refused("rent.no_such_line")
        pence = row.pence if row.debit in OWED else 0
    dispute = page.new_id("d")
    page.write(facts.LineDisputed(account=account, dispute=dispute, pence=max(pence, 0), line=line, words=tidy(words)))
    return dispute


@action
def answer_dispute(
    page: Page, *, dispute: str, outcome: str, words: str | None = None, by: By, at: datetime, command: str
) -> str:
    """Answer a dispute. She is told why, so words are needed. Refused: rent.no_such_dispute, rent.answered, rent.say_why."""
    row = page.lock(Dispute, dispute)
    if row is None:
        raise Refused("rent.no_such_dispute")
    if row.outcome is not None:
        raise Refused("rent.answered")
    said = tidy(words)
    if said is None:
        raise Refused("rent.say_why")
    page.write(facts.DisputeAnswered(account=row.account, dispute=dispute, outcome=outcome, words=said))  # type: ignore[arg-type]
    return str(row.account)


@action
def say_paid(
    page: Page, *, account: str, pence: int, on: date, way: WayName, words: str | None = None, by: By, at: datetime, command: str
) -> str:
    """Say that she has paid. Returns what was said; the same sum and day said again is the same.

    Refused: rent.no_such_account, rent.bad_sum, rent.paid_day, rent.paid_here (it stands in the books).
    """
    lock_account(page, account)
    today = london_date(at)
    if not 0 < pence <= MOST_PENCE:
        raise Refused("rent.bad_sum")
    if not today - _OLDEST <= on <= today:
        raise Refused("rent.paid_day")
    there = SaidPayment.objects.filter(account=account, pence=pence, on=on, outcome=None).first()
    if there is not None:
        return str(there.id)
    near = timedelta(days=policy().number("pay.said_near_days", today))
    came = LedgerLine.objects.filter(
        account=account, pence=pence, credit__in=OWED, what="payment", on__range=(on - near, on + near)
    ).first()
    if came is not None:
        raise Refused("rent.paid_here", day=f"{came.on:%d/%m/%Y}")
    said = page.new_id("y")
    page.write(facts.PaymentSaid(account=account, said=said, pence=pence, on=on, way=way, words=tidy(words)))
    return said


@action
def look_for_payment(
    page: Page, *, said: str, outcome: str, line: str | None = None, words: str | None = None, by: By, at: datetime, command: str
) -> str:
    """Note what a person found of a payment that she told us of. Refused: rent.no_such_payment, rent.answered, rent.say_why."""
    row = page.lock(SaidPayment, said)
    if row is None:
        raise Refused("rent.no_such_payment")
    if row.outcome is not None:
        raise Refused("rent.answered")
    why = tidy(words)
    if why is None and outcome == "not_found":
        raise Refused("rent.say_why")
    page.write(facts.PaymentLookedFor(account=row.account, said=said, outcome=outcome, line=line, words=why))  # type: ignore[arg-type]
    return str(row.account)


@action
def agree_plan(
    page: Page, *, account: str, each_pence: int, every: str, first_on: date, budget: facts.Budget, by: By, at: datetime,
    command: str,
) -> str:  # fmt: skip
    """Agree a plan for what she has to pay now: instalments that she can afford. Returns the plan; it replaces one that runs.

    Refused: rent.no_such_account, and those of `rules.plans`.
    """
    lock_account(page, account)
    today = london_date(at)
    plans.check_first(first_on, today)
    plans.check_afford(each_pence, every, budget.comes_in - budget.goes_out)
    before = RentPlan.objects.filter(account=account, ended_at=None).first()
    pence = queries.to_agree(account, today)
    parts = plans.instalments(pence, each_pence, every, first_on)
    if before is not None:
        page.lock(RentPlan, before.id)
        page.write(facts.PlanEnded(account=account, plan=before.id, why="asked"))
    plan = page.new_id("n")
    page.write(
        facts.PlanAgreed(
            account=account, plan=plan, pence=pence, instalments=parts, replaces=before.id if before else None, budget=budget
        )
    )
    return plan


@action
def end_plan(page: Page, *, plan: str, why: str, by: By, at: datetime, command: str) -> str:
    """End a plan. Refused: rent.no_such_plan, rent.plan_over."""
    row = page.lock(RentPlan, plan)
    if row is None:
        raise Refused("rent.no_such_plan")
    if row.ended_at is not None:
        raise Refused("rent.plan_over")
    page.write(facts.PlanEnded(account=row.account, plan=plan, why=why))  # type: ignore[arg-type]
    return str(row.account)
