"""Pages of the desk that only a standby has which has taken over: firms whose systems and people cannot sign in get links."""

from django.urls import URLPattern, path

from lamplit.desk import urls as _urls  # noqa: F401 - the converter of ids is registered there
from lamplit.desk.views import firm_jobs

urlpatterns: list[URLPattern] = [
    path("jobs/<id:work>/send", firm_jobs.send, name="send_job"),
    path("firm/<str:token>", firm_jobs.firm_job, name="firm_job"),
    path("firm/<str:token>/<slug:says>", firm_jobs.firm_says, name="firm_says"),
]
