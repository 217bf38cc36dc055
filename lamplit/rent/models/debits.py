"""Bank details (never the numbers), instructions, collections, runs, advices of banks, refunds."""

from django.db import models
from django.db.models import Q

from lamplit.record.fields import Folded, JsonText, PersonalJson, PersonalText
from lamplit.record.search import Exactly, generated


class BankDetails(Folded):
    """Bank details of an account: their last three digits, and where they stand sealed. `state`: waiting, current or over."""

    account = models.TextField()
    blob = models.TextField()
    checked = models.TextField()
    source = models.TextField()
    state = models.TextField()
    waits_to = models.DateField(null=True)
    replaces = models.TextField(null=True)
    given_by = models.TextField()
    given_at = models.DateTimeField()
    confirmed_by = models.TextField(null=True)
    last3 = PersonalText("account", "case")

    class Meta:
        db_table = "bank_details"
        indexes = [models.Index(fields=["account", "given_at"], name="bank_details_account")]


class DebitMandate(Folded):
    """A Direct Debit instruction. `state`: new (her bank is to be told), live, stopped or ended.

    `instruction`: what the next file tells her bank, due since `instruction_at`. `first_on`: nothing is collected before.
    `usual_pence`: the sum follows the rent less benefit, which came to this when a person last looked; `with_plan`: and a plan.
    """

    account = models.TextField()
    person = models.TextField()
    details = models.TextField()
    old_details = models.TextField(null=True)
    way = models.TextField()
    every = models.TextField()
    day = models.IntegerField()
    pence = models.BigIntegerField()
    from_on = models.DateField()
    state = models.TextField()
    why = models.TextField(null=True)
    instruction = models.TextField(null=True)
    instruction_at = models.DateTimeField(null=True)
    first_on = models.DateField(null=True)
    noticed_to = models.DateField(null=True)
    noticed_pence = models.BigIntegerField(null=True)
    collected_before = models.BooleanField()
    usual_pence = models.BigIntegerField(null=True)
    with_plan = models.BooleanField(null=True)
    set_up_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reference = PersonalText("account", "case")
    reference_key = generated(Exactly("reference"))

    class Meta:
        db_table = "debit_mandate"
        constraints = [
            models.UniqueConstraint(fields=["reference_key"], name="debit_mandate_reference_once"),
            models.UniqueConstraint(fields=["account"], condition=~Q(state="ended"), name="debit_mandate_one_an_account"),
        ]
        indexes = [
            models.Index(fields=["account"], name="debit_mandate_account"),
            models.Index(fields=["instruction"], condition=Q(instruction__isnull=False), name="debit_mandate_instruction"),
        ]


class Collection(Folded):
    """A sum that she was told of, on a day; its id is `<account>.<day>`, and `.18` when it is presented again.

    `state`: noticed, sent, collected, unpaid, missed, dropped or closed. `told`: what was said last of one that we missed.
    `stands_at`: since when it may go as it is: noticed, to be made late, or back from a file that did not go.
    `details`: where it went. `more_pence`: what of a missed one she chose to pay with it. `closed_at`: when she chose, or had
    paid another way.
    """

    account = models.TextField()
    mandate = models.TextField()
    on = models.DateField()
    pence = models.BigIntegerField()
    again = models.BooleanField()
    was_due_on = models.DateField(null=True)
    state = models.TextField()
    noticed_at = models.DateTimeField()
    stands_at = models.DateTimeField(null=True)
    code = models.TextField(null=True)
    run = models.TextField(null=True)
    details = models.TextField(null=True)
    line = models.TextField(null=True)
    missed_at = models.DateTimeField(null=True)
    told = models.TextField(null=True)
    choice = models.TextField(null=True)
    closed_at = models.DateTimeField(null=True)
    more_pence = models.BigIntegerField(null=True)

    class Meta:
        db_table = "collection"
        indexes = [
            models.Index(fields=["account", "on"], name="collection_account"),
            models.Index(fields=["on"], condition=Q(state="noticed"), name="collection_to_collect"),
            models.Index(fields=["run"], condition=Q(run__isnull=False), name="collection_run"),
            models.Index(fields=["missed_at"], condition=Q(state="missed"), name="collection_missed"),
        ]


class DebitRun(Folded):
    """A collection run. `state`: prepared, released, submitted, finished, withdrawn or not_gone.

    `told`: [mandate, code, details]. `doubted_by`: who said that its file did not go, and why (`doubt`). `not_gone_by`: who
    confirmed it.
    """

    entry_on = models.DateField()
    processing_on = models.DateField()
    input_on = models.DateField()
    collections = models.IntegerField()
    pence = models.BigIntegerField()
    instructions = models.IntegerField()
    digest = models.TextField()
    state = models.TextField()
    prepared_by = models.TextField()
    prepared_at = models.DateTimeField()
    released_by = models.TextField(null=True)
    released_at = models.DateTimeField(null=True)
    serial = models.TextField(null=True)
    created_on = models.DateField(null=True)
    file_digest = models.TextField(null=True)
    told = JsonText(null=True)
    submitted_at = models.DateTimeField(null=True)
    doubted_by = models.TextField(null=True)
    doubted_at = models.DateTimeField(null=True)
    doubt = PersonalText("id", "case")
    not_gone_by = models.TextField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "debit_run"
        constraints = [
            models.UniqueConstraint(
                fields=["entry_on"], condition=Q(state__in=["prepared", "released"]), name="debit_run_one_open_a_day"
            ),
            models.UniqueConstraint(fields=["file_digest"], condition=Q(file_digest__isnull=False), name="debit_run_file_once"),
        ]


class BankAdvice(Folded):
    """One item of a report of Bacs, and whether a person must look or has looked."""

    report = models.TextField()
    item = models.IntegerField()
    kind = models.TextField()
    account = models.TextField(null=True)
    mandate = models.TextField(null=True)
    collection = models.TextField(null=True)
    pence = models.BigIntegerField(null=True)
    challenge_by = models.DateField(null=True)
    refund = models.TextField(null=True)
    person = models.BooleanField()
    stop_letters = models.BooleanField()
    blob = models.TextField()
    at = models.DateTimeField()
    settled_by = models.TextField(null=True)
    settled_at = models.DateTimeField(null=True)
    code = PersonalText("account", "case")

    class Meta:
        db_table = "bank_advice"
        constraints = [models.UniqueConstraint(fields=["report", "item"], name="bank_advice_once")]
        indexes = [
            models.Index(fields=["account"], condition=Q(account__isnull=False), name="bank_advice_account"),
            models.Index(fields=["at"], condition=Q(person=True, settled_at__isnull=True), name="bank_advice_open"),
        ]


class Refund(Folded):
    """A refund, write-off or write-back. `state`: asked, released, sent, withdrawn, or returned: a person decides anew."""

    account = models.TextField()
    way = models.TextField()
    book = models.TextField()
    pence = models.BigIntegerField()
    details = models.TextField(null=True)
    payee = models.TextField()
    other_debts_pence = models.BigIntegerField(null=True)
    clawback_pence = models.BigIntegerField(null=True)
    state = models.TextField()
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    released_by = models.TextField(null=True)
    released_at = models.DateTimeField(null=True)
    file = models.TextField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = PersonalText("account", "case")
    evidence = PersonalJson("account", "case")
    payee_reason = PersonalText("account", "case")
    estate = PersonalText("account", "case")

    class Meta:
        db_table = "refund"
        indexes = [
            models.Index(fields=["account"], name="refund_account"),
            models.Index(fields=["asked_at"], condition=Q(state__in=["asked", "released", "returned"]), name="refund_waits"),
        ]


class RefundFile(Folded):
    """A file of refunds that went to Bacs. `refunds`: their ids."""

    serial = models.TextField()
    processing_on = models.DateField()
    digest = models.TextField(unique=True)
    refunds = JsonText()
    pence = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "refund_file"
