"""What a standby serves once it has taken over: all that main served, and what standbys always do."""

from django.urls import include, path

from lamplit.config import urls

urlpatterns = [
    path("", include("lamplit.standby.always")),
    path("desk/", include("lamplit.desk.urls_taken_over")),
    *urls.urlpatterns,
]

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
