"""Files of money, their lines, and benefit claims."""

from django.db import models

from lamplit.record.fields import Folded, PersonalJson, PersonalText
from lamplit.record.search import Exactly, generated


class MoneyFile(Folded):
    """One statement or list of a file that came in. `state`: taken, then finished once every line is in the books.

    `none_before`, `none_after`: why what seems to be missing beside it never comes, where a person said so.
    """

    source = models.TextField()
    layout = models.TextField()
    sha256 = models.TextField()
    part = models.IntegerField()
    label = models.TextField()
    serial = models.TextField(null=True)
    dated = models.DateField(null=True)
    lines = models.IntegerField()
    credit_pence = models.BigIntegerField()
    debit_pence = models.BigIntegerField()
    settled_pence = models.BigIntegerField()
    opening_pence = models.BigIntegerField(null=True)
    closing_pence = models.BigIntegerField(null=True)
    trouble = models.TextField(null=True)
    expected = models.TextField(null=True)
    state = models.TextField()
    taken_by = models.TextField()
    taken_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    none_before = models.TextField(null=True)
    none_after = models.TextField(null=True)
    explained_by = models.TextField(null=True)
    explained_at = models.DateTimeField(null=True)
    explained = PersonalText("id", "case")

    class Meta:
        db_table = "money_file"
        constraints = [models.UniqueConstraint(fields=["sha256", "part"], name="money_file_once")]
        indexes = [models.Index(fields=["source", "label", "-taken_at"], name="money_file_chain")]


class MoneyLine(Folded):
    """One line of such a file; its id is `<file>.<number>`. `state`: posted, suspense or settled.

    `maybe`: whose it may be, while it waits. `told`: what it says in words (`facts.Told`).
    `ledger`: the line of the books that has it on an account now. `receipt`: the entry that proves it to her, once she asked.
    """

    file = models.TextField()
    number = models.IntegerField()
    source = models.TextField()
    pence = models.BigIntegerField()
    on = models.DateField()
    state = models.TextField()
    account = models.TextField(null=True)
    maybe = models.TextField(null=True)
    how = models.TextField(null=True)
    sure = models.IntegerField(null=True)
    claim = models.TextField(null=True)
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    ledger = models.TextField(null=True)
    book = models.TextField(null=True)
    receipt = models.TextField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.TextField()
    told = PersonalJson("file", "case")
    payer_key = PersonalText("file", "case")
    payer_exactly = generated(Exactly("payer_key"))
    note = PersonalText("file", "case")

    class Meta:
        db_table = "money_line"
        indexes = [
            models.Index(fields=["file", "number"], name="money_line_file"),
            models.Index(fields=["on"], condition=models.Q(state="suspense"), name="money_line_suspense"),
            models.Index(fields=["maybe"], condition=models.Q(state="suspense"), name="money_line_maybe"),
            models.Index(
                fields=["payer_exactly"],
                condition=models.Q(payer_exactly__isnull=False, account__isnull=False),
                name="money_line_payer",
            ),
            models.Index(fields=["account", "-on"], condition=models.Q(account__isnull=False), name="money_line_account"),
        ]


class BenefitClaim(Folded):
    """A benefit claim that pays, or will pay, for an account. `state`: pending, paying, stopped or refused."""

    account = models.TextField()
    scheme = models.TextField()
    state = models.TextField()
    award_pence = models.BigIntegerField()
    award_per = models.TextField()
    cycle = models.TextField()
    eligible_pence = models.BigIntegerField()
    eligible_per = models.TextField()
    pays_after_days = models.IntegerField()
    paid_to = models.DateField()
    ends_on = models.DateField(null=True)
    asked_on = models.DateField(null=True)
    asked_by = models.TextField(null=True)
    said = PersonalText("account", "case")
    reference = PersonalText("account", "case")
    reference_key = generated(Exactly("reference"))

    class Meta:
        db_table = "benefit_claim"
        indexes = [
            models.Index(fields=["account"], name="benefit_claim_account"),
            models.Index(fields=["reference_key"], name="benefit_claim_reference"),
            models.Index(fields=["paid_to"], name="benefit_claim_paid_to"),
        ]


class LineReceipt(Folded):
    """The receipt of a line of her books that came by no file; its id is the line's. `receipt`: the entry that proves it."""

    account = models.TextField()
    receipt = models.TextField()

    class Meta:
        db_table = "line_receipt"
        indexes = [models.Index(fields=["account"], name="line_receipt_account")]
