"""What tenants see. Addresses hold ids and references, never a name, a contact point or a postcode."""

from django.conf import settings
from django.urls import URLPattern, path

from lamplit.config.audience import for_everyone
from lamplit.config.print_size import print_size
from lamplit.portal import demo, sign_in

urlpatterns: list[URLPattern] = [
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in/code", sign_in.enter_code, name="enter-code"),
    path("sign-in/name", sign_in.enter_name, name="enter-name"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("signed-out", sign_in.signed_out, name="signed-out"),
    path("print-size", for_everyone(print_size), name="print-size"),
]
if settings.DEMO:
    urlpatterns.append(path("demo/outbox", demo.outbox, name="demo-outbox"))
