"""Every address of the site. Each view says its audience and permission (`lamplit.config.audience`)."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from lamplit.config import errors
from lamplit.config.audience import for_everyone
from lamplit.config.gallery import kit

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", include("lamplit.desk.urls")),
    path("api/v1/", include("lamplit.api.urls")),
    path("", include("lamplit.portal.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("kit", for_everyone(kit), name="kit"))

handler400, handler403, handler404, handler500 = errors.bad_request, errors.forbidden, errors.missing, errors.broken
