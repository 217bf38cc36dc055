"""The composition root: when Django is ready, the record is told which folds there are and which log this is."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "lamplit.config"
    label = "config"

    def ready(self) -> None:
        from lamplit.config import place  # noqa: PLC0415 - models exist only now
        from lamplit.config.wiring import wiring  # noqa: PLC0415 - the same
        from lamplit.record import page  # noqa: PLC0415 - the same

        page.configure(wiring(), place.origin())
