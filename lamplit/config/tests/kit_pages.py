"""Prints pages made with the kit, as JSON. A process of its own, so that its small settings are nobody else's."""

import json
import sys
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.test import RequestFactory
from jinja2 import UndefinedError

from lamplit.config import jinja

HERE = jinja.BUILT.parent.parent


def configure() -> None:
    settings.configure(
        LANDLORD={"name": "Harbour & Heath Homes", "phone": "0303 100 0100", "help_address": "help.lamplit.example"},
        INSTALLED_APPS=["django.contrib.staticfiles"],
        STATIC_URL="/static/",
        ALLOWED_HOSTS=["kit.test"],
        USE_TZ=True,
        SECRET_KEY="of this test only",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.jinja2.Jinja2",
                "DIRS": [HERE / "jinja2"],
                "OPTIONS": {"environment": "lamplit.config.jinja.environment"},
            },
            {"BACKEND": "django.template.backends.django.DjangoTemplates"},
        ],
    )
    django.setup()


def page(body: str, request: HttpRequest, **context: Any) -> str:
    """Render a page written here, in the kit's environment."""
    from django.template import engines

    return str(engines["jinja2"].from_string(body).render(context, request))


def refusal(render: Callable[[], str]) -> str:
    try:
        return render()
    except (UndefinedError, TemplateDoesNotExist) as said:
        return f"{type(said).__name__}: {said}"


PLAIN = '{% extends "layouts/plain.html" %}{% block title %}Sign in{% endblock %}{% block main %}<h1>Sign in</h1>{% endblock %}'
PORTAL = """{% extends "layouts/portal.html" %}{% import "kit/form.html" as f %}{% import "kit/links.html" as links %}
{% block title %}Which room is it in?{% endblock %}{% block before %}{{ links.back("/report") }}{% endblock %}
{% block main %}<form method="post" novalidate>{{ csrf_input }}{{ f.radios(form["room"], heading=true) }}
{{ f.button("Continue") }}</form>{{ f.progress(3, 7) }}{% endblock %}"""
DESK = """{% extends "layouts/desk.html" %}{% set section = "queue" %}{% import "kit/desk.html" as desk %}
{% import "kit/links.html" as links %}{% import "kit/say.html" as say %}
{% block title %}Runs out next{% endblock %}
{% block side %}{{ links.filters("Show", [{"text": "Mine", "href": "/desk/?f=mine", "count": 6}]) }}{% endblock %}
{% block main %}<h1 class="govuk-heading-l">Runs out next</h1>{{ links.find("/desk/search", "Find", shortcut="/") }}
{{ desk.queue(rows, now) }}{% endblock %}
{% block right %}{{ desk.stack("Lantern Court", floors) }}{% endblock %}"""


def pages() -> dict[str, str]:
    from lamplit.config import gallery
    from lamplit.config.print_size import print_size

    ask = RequestFactory(SERVER_NAME="kit.test").get
    large = ask("/kit")
    large.COOKIES["print_size"] = "large"
    shown = {"rows": gallery._queue(), "now": gallery.NOW, "floors": gallery._floors()}
    moved = {to: print_size(ask("/print-size", {"to": "large", "back": to})) for to in ("/repairs", "https://evil.test/")}
    return {
        "gallery": gallery.kit(ask("/kit")).content.decode(),
        "large": gallery.kit(large).content.decode(),
        "desk": page(DESK, ask("/desk/"), staff_name="J. Adeyemi", **shown),
        "desk_sections": page(DESK, ask("/desk/"), staff_name="<b>", desk_sections=["queue"], **shown),
        "question": page(PORTAL, ask("/report/room"), form=gallery.SampleForm()),
        "plain": page(PLAIN, ask("/sign-in")),
        "standby": page(PLAIN, ask("/sign-in"), standby=True),
        "misspelt_name": refusal(lambda: page("{{ tennant }}", ask("/"))),
        "misspelt_attribute": refusal(lambda: page("{{ now.yeer }}", ask("/"), now=gallery.NOW)),
        "missing_key": refusal(lambda: page("[{{ row.note }}]", ask("/"), row={})),
        "escaped": page(
            '{% import "kit/say.html" as say %}{{ say.card(words, words, href="#", link=words) }}'
            '{{ say.summary([{"key": words, "value": words}]) }}{{ say.tag(words) }}{{ say.details(words, words) }}',
            ask("/"),
            words="<script>alert(1)</script>",
        ),
        "print_size_home": moved["/repairs"]["Location"],
        "print_size_elsewhere": moved["https://evil.test/"]["Location"],
        "print_size_cookie": moved["/repairs"].cookies["print_size"].OutputString(),
    }


if __name__ == "__main__":
    configure()
    json.dump(pages(), sys.stdout)
