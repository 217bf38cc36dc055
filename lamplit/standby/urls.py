"""What a standby shows to the world. It holds no key, so there is nothing personal to show."""

from django.urls import URLPattern, path

from lamplit.config import errors
from lamplit.config.audience import for_everyone
from lamplit.config.here import here
from lamplit.config.languages import language
from lamplit.config.print_size import print_size
from lamplit.config.status import pages as status
from lamplit.standby import always, checking, rent, reporting, texting, views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("status", status.status, name="status"),
    path("status.json", status.open_data, name="status-json"),
    path("status.rss", status.feed, name="status-rss"),
    path("status.txt", status.plain_text, name="status-text"),
    path("status/<slug:incident>", status.past, name="status-past"),
    path("check", checking.check, name="check"),
    path("report", reporting.report, name="report"),
    path("report/rent", rent.rent, name="report-rent"),
    path("report/received", reporting.received, name="report-received"),
    path("report/received/receipt", reporting.receipt, name="report-receipt"),
    path("texts/<slug:token>", texting.texted, name="texts"),
    *always.urlpatterns,
    path("here", for_everyone(here), name="here"),
    path("print-size", for_everyone(print_size), name="print-size"),
    path("language", for_everyone(language), name="language"),
]

handler400, handler403, handler404, handler500 = errors.bad_request, errors.forbidden, errors.not_here, errors.broken
