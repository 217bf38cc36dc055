"""Every address of the door for firms' systems."""

from lamplit.api.views import urlpatterns

__all__ = ["urlpatterns"]
