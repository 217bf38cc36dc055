"""Receipts of what she paid: a page for each payment, and a file that proves it without us, even when our records are gone."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lamplit.basics.refusal import Refused
from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config import proofs
from lamplit.config.audience import Request, for_tenant, her
from lamplit.config.forms import SentOnce, posted
from lamplit.config.refusals import tenant_words
from lamplit.config.speaking import as_recorded, lazy
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date
from lamplit.rent import actions, queries
from lamplit.tenancies import queries as tenancies

SHOWN = 200  # payments of the list: some four years of weekly ones
CAME = {
    "bank": lazy("By bank"), "card": lazy("With your payment card"), "benefit": lazy("Benefit, paid to us"),
    "direct_debit": lazy("By Direct Debit"), "payment": lazy("Written down by one of us"),
}  # fmt: skip


@for_tenant
@require_http_methods(["GET"])
def receipts(request: Request) -> HttpResponse:
    """Show what was paid on her accounts, the newest first."""
    paid = [line for account in _accounts(request) for line in queries.paid_on(account)]
    paid.sort(key=lambda line: (line.on, line.id), reverse=True)
    rows = [_row(line) for line in paid[:SHOWN]]
    return render(request, "portal/rent_receipts.html", {"rows": rows, "section": "rent"})


@for_tenant
@require_http_methods(["GET", "POST"])
def receipt(request: Request, file: str, number: int) -> HttpResponse:
    """Show one payment, and write its proof when she asks: one that holds no sum of anybody else."""
    line = _hers(request, file, number)
    form = SentOnce(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            make = actions.receipt_line if line.of.startswith("e_") else actions.receipt_payment
            make(line=line.id, account=line.account, by=request.by, at=request.now, command=form.command())
        except Refused as refused:
            return _show(request, line, refused=tenant_words(refused))
        return HttpResponseRedirect(request.path)
    return _show(request, line)


@for_tenant
@require_http_methods(["GET"])
def proof(request: Request, file: str, number: int) -> HttpResponse:
    """Hand out the proof that a payment of hers is in the record, once she asked for one."""
    line = _hers(request, file, number)
    if line.receipt is None or line.back_on is not None:
        return _show(request, line)
    made = proofs.proof_of(line.receipt, (), request.now, request.now)
    if isinstance(made, proofs.NoProof):
        return _show(request, line, refused=f"{_('Your receipt is not ready yet.')} {as_recorded(made.words)}")
    return proofs.as_file(made)


def _show(request: Request, line: queries.Paid, refused: str | None = None) -> HttpResponse:
    # Without the letters in front, which say nothing to a reader: the file has both with them.
    names = {"account": line.account[2:], "entry": line.receipt[2:] if line.receipt else None}
    context = {"row": _row(line), **names, "form": SentOnce(), "refused": refused, "section": "rent"}
    return render(request, "portal/rent_receipt.html", context)


def _row(line: queries.Paid) -> dict[str, str | None]:
    return {
        "href": f"/rent/receipts/{line.of}/{line.number}",
        "pence": pounds(line.pence),
        "on": full_date(line.on),
        "came": str(CAME[line.what]),
        "back_on": full_date(line.back_on) if line.back_on else None,
    }


def _accounts(request: Request) -> list[str]:
    """Return the accounts that are hers to see."""
    return [one.tenancy for one in tenancies.accounts_of(her(request), london_date(request.now))]


def _hers(request: Request, of: str, number: int) -> queries.Paid:
    """Return a payment of hers, by the file or the entry that it stands in."""
    line = queries.paid(_accounts(request), of, number)
    if line is None:
        raise Http404
    return line
