"""Facts, folds and tables agree: what docs/house.md says of them, read from the running system."""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from lamplit.basics.fact import REGISTRY, Fact
from lamplit.config.wiring import FOLDS
from lamplit.record.fields import TYPES, Folded, JsonText, PersonalText

KIND = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*")
GENERATED = models.GeneratedField


def badly_named(kind: str, cls: type[Fact]) -> Iterator[str]:
    sentence = (cls.__doc__ or "").strip().split("\n\n")[0]
    if not KIND.fullmatch(kind):
        yield f"{kind}: a kind is <thing>.<what happened to it>"
    if not sentence.endswith((".", "?")) or not sentence[0].isupper():
        yield f"{kind}: its first sentence says what happened, and ends"


def not_from_facts(model: type[models.Model]) -> Iterator[str]:
    """What a folded table may not have, since its rows come from facts alone."""
    for field in model._meta.local_concrete_fields:
        where = f"{model.__name__}.{field.name}"
        if isinstance(field, GENERATED):
            continue
        if field.has_default() or field.db_default is not models.NOT_PROVIDED:
            yield f"{where} has a default"
        if field.is_relation or field.get_internal_type() not in TYPES:
            yield f"{where} is a {type(field).__name__}"
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            yield f"{where} looks at a clock"
        if isinstance(field, PersonalText) and field.owner not in {other.name for other in model._meta.local_concrete_fields}:
            yield f"{where} names no column that owns its key"


def folded() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, Folded)]


def test_every_fact_says_in_a_sentence_what_happened() -> None:
    assert [
        fault for (kind, _), cls in REGISTRY.items() if cls.__module__.startswith("lamplit.") for fault in badly_named(kind, cls)
    ] == []


def test_every_fact_is_wired() -> None:
    ours = {cls for cls in REGISTRY.values() if cls.__module__.startswith("lamplit.") and ".tests." not in cls.__module__}
    assert {cls.__name__ for cls in ours ^ set(FOLDS)} == set()


def test_every_folded_table_has_a_fold() -> None:
    assert {model.__name__ for model in folded()} == {fold.model.__name__ for folds in FOLDS.values() for fold in folds}


def test_every_table_is_either_folded_or_plain() -> None:
    homes = {app.label: app.name for app in apps.get_app_configs()}
    assert {homes[model._meta.app_label] for model in folded()} <= set(settings.FOLDED_APPS)
    strays = [model for model in apps.get_models() if homes[model._meta.app_label] in settings.FOLDED_APPS]
    assert [model.__name__ for model in strays if not issubclass(model, Folded)] == []


def test_folded_tables_hold_only_what_a_fold_can_write() -> None:
    assert [fault for model in folded() for fault in not_from_facts(model)] == []


def test_migrations_make_what_the_models_say() -> None:
    loader = MigrationLoader(None)
    missing = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("lamplit.")}
    assert {label: [str(step) for m in missing[label] for step in m.operations] for label in missing if label in ours} == {}


class Faulty(Folded):
    """Breaks every rule once."""

    count = models.IntegerField(default=0)
    amount = models.FloatField()
    seen_at = models.DateTimeField(auto_now=True)
    parent = models.ForeignKey("self", on_delete=models.CASCADE)
    says = PersonalText("nobody", "case")
    right = JsonText()

    class Meta:
        app_label = "faulty"


def test_it_sees() -> None:
    seen = " ".join(not_from_facts(Faulty))
    for word in ("count has a default", "amount is a FloatField", "seen_at looks", "parent is a", "says names no column"):
        assert word in seen
    assert "right" not in seen


@pytest.mark.parametrize("kind", ["Repair", "repair", "repair.Reported"])
def test_it_sees_a_bad_name(kind: str) -> None:
    fine = type("Fine", (), {"__doc__": "Somebody told us."})
    assert list(badly_named(kind, fine))  # type: ignore[arg-type]
    assert not list(badly_named("repair.reported", fine))  # type: ignore[arg-type]
