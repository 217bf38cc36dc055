"""What tenants see. Addresses hold ids and references, never a name, a contact point or a postcode."""

from django.conf import settings
from django.urls import URLPattern, path, register_converter

from lamplit.config.audience import for_everyone
from lamplit.config.print_size import print_size
from lamplit.portal import complain, data, demo, home, messages, photos, receipt, repairs, report, sign_in, standing, story
from lamplit.portal.idents import Ident

register_converter(Ident, "her_id")

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
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
    path("report/received/photo", photos.add_to_report, name="report-photo"),
    path("repairs", repairs.listed, name="repairs"),
    path("repairs/<her_id:repair>", repairs.one, name="repair"),
    path("repairs/<her_id:repair>/story", story.story, name="repair-story"),
    path("repairs/<her_id:repair>/receipt", repairs.receipt, name="repair-receipt"),
    path("repairs/<her_id:repair>/note", repairs.add_note, name="repair-note"),
    path("repairs/<her_id:repair>/mended", repairs.say_mended, name="repair-mended"),
    path("repairs/<her_id:repair>/photo", photos.add, name="repair-photo"),
    path("repairs/<her_id:repair>/photos/<her_id:photo>/<slug:size>", photos.picture, name="repair-picture"),
    path("repairs/<her_id:repair>/visits/<her_id:visit>", repairs.change_visit, name="repair-visit"),
    path("messages", messages.listed, name="messages"),
    path("check", messages.check, name="check"),
    path("complain", complain.complain, name="complain"),
    path("complain/received", complain.received, name="complaint-received"),
    path("your-data", data.your_data, name="your-data"),
    path("your-data/add", data.add_reach, name="add-reach"),
    path("your-data/prove/<her_id:reach>", data.prove_reach, name="prove-reach"),
    path("your-data/end/<her_id:reach>", data.end_reach, name="end-reach"),
    path("your-data/print", data.large_print, name="large-print"),
    path("your-data/ask", data.ask, name="ask-about-data"),
    path("help", standing.help_page, name="help"),
    path("status", standing.status, name="status"),
    path("accessibility", standing.accessibility, name="accessibility"),
    path("print-size", for_everyone(print_size), name="print-size"),
]
if settings.DEMO:
    urlpatterns.append(path("demo/outbox", demo.outbox, name="demo-outbox"))
