"""Every address of the site. Each view says its audience and permission (`lamplit.config.audience`)."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
