"""What tenants see."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
