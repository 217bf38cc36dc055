"""Steps with money in any order: each picks what it needs by dice from what is there; what may not be is refused."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta

from lamplit.exchange.bank.mapping import read_layout
from lamplit.exchange.tests.test_money import ALLPAY, COUNCIL, card, entry, statement
from lamplit.reactions import rent as charging
from lamplit.rent import actions, queries
from lamplit.rent.models import ChargeRun, LedgerLine, RentBalance
from tests.attack.money_debits import DEBITS
from tests.attack.money_model import WEEK, File, Line
from tests.attack.money_player import BEGIN, NUMBERS, OTHER, SEALED, Player, Stopped

Step = Callable[[Player], object]
LAYOUTS = {"bank": None, "allpay": read_layout(ALLPAY), "hb": read_layout(COUNCIL)}
DAY = timedelta(days=1)


def pass_time(p: Player) -> None:
    p.at += DAY * p.dice.randrange(1, 9)


# charges


def charge_week(p: Player) -> None:
    """Two people and the job; now and then it is cut off between two batches, and goes on when this step comes again."""
    open_run = ChargeRun.objects.filter(state__in=["prepared", "released"]).first()
    if open_run is None:
        last = ChargeRun.objects.exclude(state="withdrawn").order_by("-from_on").first()
        monday = (last.from_on + WEEK if last else BEGIN) + WEEK * p.dice.choice([0, 0, 0, 1])
        p.at = max(p.at, p.at + (monday - WEEK - p.today))
        run = p.do("prepare_charges", frequency="weekly", from_on=monday)
        p.do("release_charges", run=run, by=OTHER)
    else:
        run = open_run.id
        if open_run.state == "prepared":
            p.do("release_charges", run=run, by=OTHER)
    left = [p.dice.choice([0, 1, 99])] if p.dice.randrange(4) == 0 else [99]

    def step(*_: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Stopped

    p.again(lambda: charging.charge(run, p.at, step))


def let_run_go(p: Player) -> None:
    """A run that changed meanwhile is taken back, or closed with what it charged."""
    run = ChargeRun.objects.filter(state__in=["prepared", "released"]).first()
    if run is not None and queries.charged(run.id) == (0, 0):
        p.do("withdraw_charges", run=run.id)
    elif run is not None:
        p.do("close_charges", run=run.id, by=OTHER)


def reverse_line(p: Player) -> None:
    """Take a line of the books back by hand, whatever it is."""
    lines = list(LedgerLine.objects.filter(account__isnull=False, reverses__isnull=True).order_by("id"))
    if lines:
        line = p.dice.choice(lines)
        p.taking_back = line
        p.do("reverse_line", account=line.account, line=line.id, why="keyed_wrong")


def adjust(p: Player) -> None:
    pence = p.dice.randrange(1, 20_001)
    debit, credit, what, why = p.dice.choice([
        ("rent_income", "rent", "adjustment", "charged_wrong"), ("rent", "service_income", "adjustment", "charged_wrong"),
        ("costs", "costs_income", "court_costs", "court"), ("rent", "recharge", "moved", "agreed"),
        ("rent_income", "costs", "adjustment", "agreed"), ("bank", "rent", "adjustment", "agreed"),
    ])  # fmt: skip
    p.do("move_money", account=p.dice.choice(p.accounts), debit=debit, credit=credit, pence=pence, what=what, why=why)


def end_a_tenancy(p: Player) -> None:
    """It ends on a Sunday, before or after what is charged; told again with an earlier day, it is put right."""
    account = p.dice.choice(p.accounts)
    charged_to = RentBalance.objects.get(id=account).charged_to_on
    sunday = (charged_to or BEGIN - DAY) + WEEK * p.dice.choice([-2, -1, 0, 1])
    if BEGIN < sunday < p.model.ended.get(account, date.max):
        p.end(account, sunday)


def give_back(p: Player) -> None:
    p.again(lambda: charging.give_back(p.at))


# files of money


def pounds(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02}"


def a_line(p: Player, source: str) -> Line:
    account = p.dice.choice([*p.accounts, p.dice.choice(p.accounts), None])
    owes = RentBalance.objects.get(id=account).rent if account else 0
    pence = p.dice.choice([owes, p.dice.randrange(1, 60_000), 40_000])
    return Line(source, pence if pence > 0 else 7_700, p.today, account)


def bank_file(p: Player) -> None:
    """A statement: what pays a number, what nobody knows, and now and then what went out."""
    serial = p.number()
    lines = [a_line(p, "bank") for _ in range(p.dice.randrange(1, 5))]
    parts = [entry(pounds(line.pence), NUMBERS.get(line.account or "", "RENT")) for line in lines]
    if p.dice.randrange(3) == 0:
        lines.append(Line("bank", -1_500, p.today, None))
        parts.append(entry("15.00", "REFUND", side="DBIT"))
    closing = 1_000_000 + sum(line.pence for line in lines)
    text = statement(*parts, serial=serial, opening="10000.00", closing=pounds(closing)).replace("2026-11-24", f"{p.today}")
    take(p, p.make(File("bank", f"{serial}.xml", text, str(serial), lines)))


def card_file(p: Player) -> None:
    serial = f"{p.number():04}"
    lines = [a_line(p, "allpay") for _ in range(p.dice.randrange(1, 5))]
    if p.dice.randrange(3) == 0:
        lines.append(Line("allpay", -500, p.today, p.dice.choice(p.accounts)))
    rows = [
        f"{line.on:%d/%m/%Y},{pounds(abs(line.pence))},{NUMBERS.get(line.account or '', '0')},{kind}"
        for line in lines
        for kind in ["REV" if line.pence < 0 else "CASH"]
    ]
    take(p, p.make(File("allpay", f"paid_{serial}.csv", card(*rows), serial, lines)))


def schedule(p: Player) -> None:
    """Benefit: paid to claims, taken back, and for a claim that nobody knows."""
    lines, rows = [], ["Claim,Yours,Amount,From,To,Kind"]
    for _ in range(p.dice.randrange(1, 4)):
        line = a_line(p, "hb")
        first = p.today - DAY * p.dice.choice([7, 28])
        line.pence = -line.pence if p.dice.randrange(3) == 0 else line.pence
        claim = f"HB/{NUMBERS.get(line.account or '', p.number())}"
        words = [claim, f"Z{p.number()}", pounds(abs(line.pence)), f"{first:%d/%m/%Y}", f"{p.today:%d/%m/%Y}"]
        rows.append(",".join([*words, "REC" if line.pence < 0 else ""]))
        there = queries.account(line.account) if line.account else None
        if there is not None and there.ended_on is not None and there.ended_on < first:
            line.account = None  # for days after her tenancy a claim pays nobody: a person looks
        lines.append(line)
    take(p, p.make(File("hb", f"{p.number()}.csv", "\n".join(rows), f"none {p.number()}", lines)))


def take(p: Player, file: File) -> None:
    cut = p.dice.choice([0, 1]) if p.dice.randrange(4) == 0 else None
    p.take(file, LAYOUTS, cut)


def same_bytes_again(p: Player) -> None:
    if p.made:
        take(p, p.dice.choice(list(p.made.values())))


def same_lines_in_other_bytes(p: Player) -> None:
    """The serial was there before: nothing of it goes on an account by itself."""
    files = [file for file in p.made.values() if file.source != "hb"]
    if files:
        file = deepcopy(p.dice.choice(files))
        take(p, p.make(file, file.text + "\n"))


def match(p: Player) -> None:
    if waiting := p.model.in_state("suspense"):
        p.do("match_payment", line=p.dice.choice(waiting), account=p.dice.choice(p.accounts))


def take_off(p: Player) -> None:
    if posted := p.model.in_state("posted"):
        p.do("take_off_payment", line=p.dice.choice(posted), why="wrong_account")


def settle(p: Player) -> None:
    if waiting := p.model.in_state("suspense"):
        book = p.dice.choice(["refunds", "not_rent", "benefit", "collected"])
        p.do("settle_suspense", line=p.dice.choice(waiting), book=book, note="No rent.")


# refunds


def ask_and_release(p: Player, way: str, account: str, pence: int) -> None:
    checked = {"other_debts_pence": 0, "clawback_pence": 0, "payee": "match"}
    refund = p.do(
        "ask_refund", account=account, way=way, pence=pence, reason="She asked.", evidence=["Her letter"], **checked
    )  # fmt: skip
    p.asked[refund] = (way, account, pence)
    p.do("release_refund", refund=refund, by=OTHER)


def details_to_pay_to(p: Player, account: str) -> None:
    """The first count at once. Others, after those that a bank ended, wait until a second person says yes in time."""
    waiting = next((row for row in queries.details_of(account) if row.state == "waiting"), None)
    if waiting is not None:
        p.do("confirm_details", details=waiting.id, by=OTHER)
    elif queries.current_details(account) is None:
        p.do("change_details", account=account, sealed=SEALED)


def refund(p: Player) -> None:
    """Pay what somebody is ahead, or a part of it."""
    ahead = list(RentBalance.objects.filter(rent__lt=0).order_by("id"))
    if ahead:
        row = p.dice.choice(ahead)
        details_to_pay_to(p, row.id)
        ask_and_release(p, "refund", row.id, -row.rent // p.dice.choice([1, 1, 2]) or 1)


def write_off(p: Player) -> None:
    owing = list(RentBalance.objects.filter(rent__gt=0).order_by("id"))
    if owing:
        row = p.dice.choice(owing)
        ask_and_release(p, "write_off", row.id, p.dice.randrange(1, row.rent + 1))


def write_back(p: Player) -> None:
    ask_and_release(p, "write_back", p.dice.choice(p.accounts), p.dice.randrange(1, 5_000))


def send_refunds(p: Player) -> None:
    """A file of credits, as `lamplit bacs refunds` notes it: none that stands on her account again."""
    rows = queries.refunds_to_send()
    if rows:
        p.do(
            "send_refunds", refunds=[row.id for row in rows], serial=queries.next_serial(), processing_on=p.today,
            file_digest=f"{p.number()}",
        )  # fmt: skip


def refund_came_back(p: Player) -> None:
    sent = sorted(name for name, one in p.model.refunds.items() if one.state == "sent")
    if sent:
        name = p.dice.choice(sent)
        item = actions.AdviceItem(
            kind="ARUCS", report=f"ARUCS{p.number()}", item=1, code=p.dice.choice("0235"),
            reference=queries.refund_reference(name, "REFUND"), pence=p.model.refunds[name].pence, reported_on=p.today,
        )  # fmt: skip
        p.report(item)


STEPS: list[Step] = [
    pass_time, charge_week, let_run_go, reverse_line, adjust, end_a_tenancy, give_back, bank_file, card_file, schedule,
    same_bytes_again, same_lines_in_other_bytes, match, take_off, settle, refund, write_off, write_back, send_refunds,
    refund_came_back, *DEBITS,
]  # fmt: skip
