"""What tenants see. Addresses hold ids and references, never a name, a contact point or a postcode."""

from django.conf import settings
from django.urls import URLPattern, path

from lamplit.config.audience import for_everyone
from lamplit.config.print_size import print_size
from lamplit.portal import demo, receipt, report, sign_in

urlpatterns: list[URLPattern] = [
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in/code", sign_in.enter_code, name="enter-code"),
    path("sign-in/name", sign_in.enter_name, name="enter-name"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("signed-out", sign_in.signed_out, name="signed-out"),
    path("report", report.start, name="report"),
    path("report/<int:number>", report.question, name="report-question"),
    path("report/words", report.words, name="report-words"),
    path("report/whom", report.whom, name="report-whom"),
    path("report/postcode", report.postcode, name="report-postcode"),
    path("report/address", report.address, name="report-address"),
    path("report/name", report.name, name="report-name"),
    path("report/household", report.household, name="report-household"),
    path("report/check", report.check, name="report-check"),
    path("report/received", receipt.received, name="report-received"),
    path("print-size", for_everyone(print_size), name="print-size"),
]
if settings.DEMO:
    urlpatterns.append(path("demo/outbox", demo.outbox, name="demo-outbox"))
