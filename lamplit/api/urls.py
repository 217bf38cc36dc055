"""Every address of the door for firms' systems: each message has its own, named as the standard names it."""

from functools import partial

from django.urls import URLPattern, path

from lamplit.api.notify import called, texted
from lamplit.api.shapes import MESSAGES
from lamplit.api.views import appointments, description, job, job_message, jobs, message, messages, route_of
from lamplit.config.audience import for_system


def _address(name: str) -> URLPattern:
    route = route_of(name)
    return path(route, for_system(partial(message, name=name)), name=f"api_{route}")


urlpatterns = [
    path("openapi.json", description, name="api_description"),
    path("providers/notify", called, name="api_notify"),
    path("providers/notify/texts", texted, name="api_notify_texts"),
    path("workOrders", jobs, name="api_jobs"),
    path("workOrders/<slug:work>", job, name="api_job"),
    path("workOrders/<slug:work>/appointments", appointments, name="api_appointments"),
    path("workOrders/<slug:work>/messages/<slug:name>", job_message, name="api_job_message"),
    path("messages", messages, name="api_messages"),
    *map(_address, MESSAGES),
]
