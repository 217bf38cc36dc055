"""Accounts, what is charged on them, and the books."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from lamplit.record.fields import Folded, JsonText, PersonalText
from lamplit.record.search import Exactly, generated


class RentAccount(Folded):
    """The account of a tenancy; its id is the tenancy's."""

    home = models.TextField()
    tenure = models.TextField()
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    reference = PersonalText("id", "case")
    reference_key = generated(Exactly("reference"))

    class Meta:
        db_table = "rent_account"
        constraints = [models.UniqueConstraint(fields=["reference_key"], name="rent_account_reference_once")]
        indexes = [models.Index(fields=["home"], name="rent_account_home")]


class RentNumber(Folded):
    """A number that an account was given to be paid with, now or once; its id is that of the entry that gave it."""

    account = models.TextField()
    reference = PersonalText("account", "case")
    reference_key = generated(Exactly("reference"))

    class Meta:
        db_table = "rent_number"
        indexes = [models.Index(fields=["account"], name="rent_number_account")]


class RentBalance(Folded):
    """What an account owes, book by book, in pence (below nought: she is ahead). Its id is the account's.

    A table of its own, since each charge run and payment changes it and nothing else of the account. `lines`: how many moves
    made it; the books are checked against them.
    """

    rent = models.BigIntegerField()
    costs = models.BigIntegerField()
    recharge = models.BigIntegerField()
    former = models.BigIntegerField()
    occupation = models.BigIntegerField()
    lines = models.IntegerField()
    charged_to_on = models.DateField(null=True)
    paid_on = models.DateField(null=True)

    class Meta:
        db_table = "rent_balance"


class RentTerms(Folded):
    """What is charged each period from a day on; its id is `<account>.<day>`. `terms`: a list of {charge, pence, category}."""

    account = models.TextField()
    home = models.TextField()
    from_on = models.DateField()
    frequency = models.TextField()
    weeks = models.IntegerField()
    terms = JsonText()
    rent_type = models.TextField()
    why = models.TextField()
    formula_pence = models.BigIntegerField(null=True)
    noticed_on = models.DateField(null=True)

    class Meta:
        db_table = "rent_terms"
        indexes = [models.Index(fields=["account", "from_on"], name="rent_terms_account")]


class LedgerLine(Folded):
    """One move of whole pence from one book to another: it cannot be out of balance. Lines are only ever added.

    Its id is `<account>.<entry>.<number>`, or begins with the file where money came that is nobody's yet. `source`: the run,
    file, collection or refund that it is of; `part`: which line of it.
    """

    account = models.TextField(null=True)
    debit = models.TextField()
    credit = models.TextField()
    pence = models.BigIntegerField()
    what = models.TextField()
    on = models.DateField()
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    source = models.TextField(null=True)
    part = models.IntegerField(null=True)
    why = models.TextField(null=True)
    reverses = models.TextField(null=True)
    at = models.DateTimeField()
    by = models.TextField()
    note = PersonalText("account", "case")

    class Meta:
        db_table = "ledger_line"
        constraints = [
            models.CheckConstraint(condition=Q(pence__gt=0), name="ledger_line_pence"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_line_two_books"),
            models.UniqueConstraint(fields=["reverses"], condition=Q(reverses__isnull=False), name="ledger_line_reversed_once"),
        ]
        indexes = [
            models.Index(fields=["account", "on"], name="ledger_line_account"),
            models.Index(fields=["source"], condition=Q(source__isnull=False), name="ledger_line_source"),
            # The check of the books reads what came since the last one. Lines only ever come: a word on each block is enough.
            BrinIndex(fields=["at"], name="ledger_line_at", autosummarize=True),
        ]


class ChargeRun(Folded):
    """A charge run. `state`: prepared, released, finished or withdrawn."""

    frequency = models.TextField()
    from_on = models.DateField()
    to_on = models.DateField()
    accounts = models.IntegerField()
    pence = models.BigIntegerField()
    digest = models.TextField()
    by_charge = JsonText()
    left_out = models.IntegerField()
    state = models.TextField()
    prepared_by = models.TextField()
    prepared_at = models.DateTimeField()
    released_by = models.TextField(null=True)
    released_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "charge_run"
        constraints = [
            models.UniqueConstraint(
                fields=["frequency", "from_on"], condition=~Q(state="withdrawn"), name="charge_run_once_a_period"
            ),
        ]


class Checked(Folded):
    """One outcome of checking the books; the newest says whether steps may be automatic."""

    wrong = JsonText()
    lines = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "books_checked"
        indexes = [models.Index(fields=["-at"], name="books_checked_newest")]
