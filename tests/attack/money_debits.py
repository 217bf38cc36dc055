"""Steps of Direct Debits: an instruction, notices, runs by two, their day, what came back, and what we missed."""

from datetime import date, timedelta
from hashlib import sha256

from lamplit.basics.bacs_days import cycle
from lamplit.exchange.bacs import standard18, written
from lamplit.reactions import debits as jobs
from lamplit.rent import actions, queries
from lamplit.rent.models import BankAdvice, Collection, DebitMandate, DebitRun
from tests.attack.money_model import Debit
from tests.attack.money_player import OTHER, PEOPLE, SEALED, Player

ORIGIN = standard18.Origin(
    user_number="612345", user_name="HARBOUR HEATH", sort_code="100000", account="87654321", account_name="HARBOUR HEATH RENT"
)


def set_up_mandate(p: Player) -> None:
    """New bank details where there are none; else those that are there."""
    account = p.dice.choice(p.accounts)
    sealed = None if queries.current_details(account) else SEALED
    p.do(
        "set_up_mandate", account=account, person=PEOPLE[account], sealed=sealed, way="paperless",
        every=p.dice.choice(["weekly", "monthly"]), day=p.dice.randrange(1, 6), pence=p.dice.choice([40_000, 13_000, 3_333]),
    )  # fmt: skip


def go_on_with_debits(p: Player) -> None:
    for _ in range(p.dice.randrange(1, 6)):
        go_on(p)


def go_on(p: Player) -> None:
    """Whatever comes next: a file is taken back, or posted on its day, banks are told, she is told, the next collections go."""
    noticed = Collection.objects.filter(state="noticed").order_by("on", "id").first()
    if queries.runs_to_recall():
        p.again(lambda: jobs.take_back(p.at))
    elif DebitRun.objects.filter(state="submitted").exists():
        post(p)
    elif DebitMandate.objects.filter(instruction__isnull=False).exists():
        submit(p, cycle(p.today + timedelta(days=5)).entry_on)
    elif noticed is not None:
        p.move_to(cycle(noticed.on).input_on)
        p.again(lambda: jobs.give_notice(p.at))
        submit(p, cycle(noticed.on).entry_on)
    else:
        p.again(lambda: jobs.give_notice(p.at))


def post(p: Player) -> None:
    submitted = DebitRun.objects.filter(state="submitted").order_by("entry_on").first()
    if submitted is not None:
        p.move_to(submitted.entry_on)
    p.again(lambda: jobs.post_due(p.at))


def submit(p: Player, entry_on: date) -> None:
    """Two people, then the file as `lamplit bacs write` makes it: read back, and noted as sent."""
    waiting = queries.run_of_day(entry_on)
    run = waiting.id if waiting else p.do("prepare_debits", entry_on=entry_on)
    if waiting is None or waiting.state == "prepared":
        p.do("release_debits", run=run, by=OTHER)
    if p.dice.randrange(6) == 0:
        return  # whoever writes files is not there today
    row = queries.debit_run(run)
    worked = queries.work_out_debits(entry_on, row.prepared_at)
    references = queries.references([line.mandate for line in worked.lines] + [one.mandate for one in worked.instructions])
    wanted = [(one.code, 0, one.mandate) for one in worked.instructions]
    wanted += [(line.code, line.pence, line.mandate) for line in worked.lines]
    items = [
        standard18.Item(
            sort_code="100003", account="31926810", code=code, pence=pence, reference=references[mandate], name="R ADEYEMI",
            processing_on=row.processing_on,
        )
        for code, pence, mandate in wanted
    ]  # fmt: skip
    serial = queries.next_serial()
    submission = standard18.Submission(serial=serial, created_on=p.today, expires_on=p.today + timedelta(days=30))
    data = standard18.write(ORIGIN, submission, items)
    found = written.check_written(data, standard18.control(items))
    told = [(one.reference, one.pence) for one in found.items if one.pence]
    p.sending = {}
    for line, (reference, pence) in zip(worked.lines, told, strict=True):
        due = queries.collection(line.collection)
        assert not paid_another_way(p, due), f"{due.id} was paid another way and is collected"
        p.sending[line.collection] = Debit(line.account, reference, pence, due.on, row.processing_on, row.entry_on)
    p.do(
        "submit_debits", run=run, serial=serial, created_on=p.today, file_digest=sha256(data).hexdigest(),
        command=f"job:bacs:{run}",
    )  # fmt: skip


def paid_another_way(p: Player, due: Collection) -> bool:
    """Say whether something that is collected late was paid meanwhile, as far as files tell, beside all else that was missed."""
    if due.was_due_on is None or due.again:
        return False
    others = Collection.objects.filter(account=due.account, state__in=["missed", "closed", "unpaid"]).exclude(id=due.id)
    return p.model.paid(due.account, due.was_due_on) - sum(others.values_list("pence", flat=True)) >= due.pence


def withdraw_run(p: Player) -> None:
    run = DebitRun.objects.filter(state__in=["prepared", "released"]).first()
    if run is not None:
        p.do("withdraw_debits", run=run.id)


def file_did_not_go(p: Player) -> None:
    """Two people say so of the last file; its collections are taken back at once, or with what comes next."""
    p.again(lambda: jobs.take_back(p.at))
    last = DebitRun.objects.filter(state__in=["submitted", "finished"]).order_by("-submitted_at", "-id").first()
    if last is None:
        return
    if last.doubted_by is None:
        p.do("doubt_debits", run=last.id, why="Bacs refused it.")
    p.do("confirm_not_gone", run=last.id, by=OTHER)
    if p.dice.randrange(2):
        p.again(lambda: jobs.take_back(p.at))


# what banks say


def came_back(p: Player, kind: str, code: str) -> None:
    collected = sorted(name for name, one in p.model.debits.items() if one.state == "collected")
    if collected:
        debit = p.model.debits[p.dice.choice(collected)]
        item = actions.AdviceItem(
            kind=kind, report=f"{kind}{p.number()}", item=1, code=code, reference=debit.mandate, pence=debit.pence,
            reported_on=p.today, processed_on=debit.processed_on,
        )  # fmt: skip
        p.again(lambda: jobs.post_due(p.at))
        p.report(item)


def refer_to_payer(p: Player) -> None:
    came_back(p, "ARUDD", "0")


def instruction_cancelled(p: Player) -> None:
    came_back(p, "ARUDD", "1")


def claimed_back(p: Player) -> None:
    came_back(p, "DDICA", p.dice.choice("17"))


def same_report_again(p: Player) -> None:
    if p.reports:
        p.report(p.dice.choice(p.reports))


def a_person_looked(p: Player) -> None:
    """An advice is settled, and what stopped goes on."""
    for advice in BankAdvice.objects.filter(person=True, settled_at__isnull=True).order_by("id"):
        p.do("settle_advice", advice=advice.id, died=False)
    for mandate in DebitMandate.objects.filter(state="stopped").order_by("id"):
        p.do("go_on", mandate=mandate.id)


# what we missed


def miss(p: Player) -> None:
    """No file took the next collection in time."""
    noticed = Collection.objects.filter(state="noticed").order_by("on", "id").first()
    if noticed is not None:
        p.move_to(cycle(noticed.on).input_on + timedelta(days=p.dice.choice([1, 2, 4])))
        p.again(lambda: jobs.look_for_missed(p.at))


def look_for_missed(p: Player) -> None:
    p.again(lambda: jobs.look_for_missed(p.at))


def collect_late(p: Player) -> None:
    """It is told, and goes with the file of the same day."""
    p.again(lambda: jobs.look_for_missed(p.at))
    late = Collection.objects.filter(state="noticed", was_due_on__isnull=False, again=False).order_by("on", "id").first()
    if late is not None:
        submit(p, cycle(late.on).entry_on)


def choose(p: Player) -> None:
    row = Collection.objects.filter(state="missed").order_by("on", "id").first()
    if row is not None:
        p.do(
            "choose_after_missed", collection=row.id, account=row.account, choice=p.dice.choice(["pay_now", "spread", "skip"]),
            command=f"t:{p.number()}",
        )  # fmt: skip


def end_mandate(p: Player) -> None:
    found = list(DebitMandate.objects.exclude(state="ended").order_by("id"))
    if found:
        p.do("end_mandate", mandate=p.dice.choice(found).id)


DEBITS = [
    set_up_mandate, go_on_with_debits, post, withdraw_run, refer_to_payer,
    instruction_cancelled, claimed_back, same_report_again, a_person_looked, miss, look_for_missed, collect_late, choose,
    end_mandate, file_did_not_go,
]  # fmt: skip
