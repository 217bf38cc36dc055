"""The composition root: when Django is ready, the record is told which folds there are and which log this is."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "lamplit.config"
    label = "config"

    def ready(self) -> None:
        from lamplit.config import own_figures, place, planted, standing_by  # noqa: PLC0415 - models exist only now
        from lamplit.config.wiring import wiring  # noqa: PLC0415 - the same
        from lamplit.record import apart, elsewhere, page  # noqa: PLC0415 - the same

        own_figures.read()
        page.configure(wiring(), place.origin(), standing_by.letter())
        elsewhere.KNOWN.elsewhere = standing_by.main_record()
        apart.configure(planted.key(), place.origin())
