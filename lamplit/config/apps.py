"""The composition root: when Django is ready, the record is told which folds there are and which log this is."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "lamplit.config"
    label = "config"

    def ready(self) -> None:
        from lamplit.config import place
        from lamplit.config.wiring import wiring
        from lamplit.record import page

        page.configure(wiring(), place.origin())
