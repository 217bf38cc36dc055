"""What a standby serves on any day, and still once it has taken over, beside main's pages."""

from django.urls import URLPattern, path

from lamplit.standby import declaring, views

urlpatterns: list[URLPattern] = [
    path("standby", views.status, name="standby"),
    path("standby/declare", declaring.declare, name="declare"),
    path("add-checkpoint", views.add_checkpoint, name="add-checkpoint"),
    path("<slug:origin>/checkpoint", views.checkpoint, name="checkpoint"),
    path("<slug:origin>/checkpoints/<int:size>", views.filed, name="filed-checkpoint"),
    path("<slug:origin>/tile/<path:name>", views.tile, name="tile"),
]
