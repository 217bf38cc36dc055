"""Django fields of folded tables, and the way from a Django model to the record's own picture of its table."""

from typing import Any

import msgspec
from django.db import models

from lamplit.basics.fact import ERASED, WITHHELD, Unavailable
from lamplit.record.elsewhere import opened
from lamplit.record.tables import Column, ColumnType, Table, json_of, text_of

_STATES = {state.column: state for state in (ERASED, WITHHELD)}
TYPES: dict[str, ColumnType] = {
    "TextField": "text",
    "IntegerField": "int4",
    "BigIntegerField": "int",
    "BooleanField": "bool",
    "DateTimeField": "time",
    "DateField": "date",
}


class RowId(models.TextField):  # type: ignore[type-arg]
    """The id of a folded row. Spelt TEXT for PostgreSQL, since for `text` Django makes a second index for LIKE on every key.

    Under the builtin C.UTF-8 locale the key's own index serves LIKE as well.
    """

    def db_type(self, connection: Any) -> str:
        return "TEXT"


class Folded(models.Model):
    """Base of every folded table. Its rows come from facts alone: no sequence, no default, no foreign key."""

    id = RowId(primary_key=True)

    class Meta:
        abstract = True


class PersonalText(models.TextField):  # type: ignore[type-arg]
    """Personal text, sealed in the record under the key (subject in column `owner`, `key_class`). Nullable.

    Reads as text, None, ERASED or WITHHELD. Dates and numbers are kept as text. What a standby keeps sealed is opened here.
    """

    def __init__(self, owner: str, key_class: str, **options: Any) -> None:
        self.owner, self.key_class = owner, key_class
        super().__init__(**{**options, "null": True})

    def deconstruct(self) -> Any:
        name, path, _, options = super().deconstruct()
        options.pop("null", None)
        return name, path, [self.owner, self.key_class], options

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        if value is None or value[:1] != "\x01":
            return value
        return _STATES[value] if value in _STATES else _text(opened(value))

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else text_of(value)


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, Unavailable) else text_of(value)


class PersonalJson(PersonalText):
    """Personal structure kept as canonical JSON text. Reads as plain lists and dicts, None, ERASED or WITHHELD."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        if value[:1] != "\x01":
            return msgspec.json.decode(value)
        found = _STATES[value] if value in _STATES else opened(value)
        return found if isinstance(found, Unavailable) else msgspec.json.decode(json_of(found))

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else json_of(value)


class JsonText(models.TextField):  # type: ignore[type-arg]
    """Clear structure kept as canonical JSON text; reads as plain lists and dicts."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else msgspec.json.decode(value)

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else json_of(value)


def unsampled(model: type[models.Model]) -> list[str]:
    """Return the columns of which PostgreSQL is to keep no samples for its planner: personal ones, what is made from them, JSON.

    A sample would outlive an erasure. It would also help no plan: none of them is searched but by an index made for it.
    """
    kinds = (PersonalText, JsonText, models.GeneratedField)
    return [str(field.column) for field in model._meta.concrete_fields if isinstance(field, kinds)]


def table_of(model: type[models.Model]) -> Table:
    """Read a folded model. TypeError for a field that the fold contract does not allow.

    Generated columns are left out: the database fills them.
    """
    columns = []
    for field in model._meta.concrete_fields:
        if isinstance(field, models.GeneratedField):
            continue
        where = f"{model.__name__}.{field.name}"
        if field.has_default() or field.remote_field or (field.primary_key and field.name != "id"):
            raise TypeError(f"{where}: folded columns have no default, no foreign key, and `id` alone is the key")
        kind = "JsonText" if isinstance(field, (JsonText, PersonalJson)) else field.get_internal_type()
        if kind not in TYPES and kind != "JsonText":
            raise TypeError(f"{where}: a folded column is one of {', '.join(TYPES)}, PersonalText, PersonalJson, JsonText")
        owner = field.owner if isinstance(field, PersonalText) else None
        key_class = field.key_class if isinstance(field, PersonalText) else None
        columns.append(Column(str(field.column), TYPES.get(kind, "json"), field.null, owner, key_class))
    columns.sort(key=lambda column: column.name != "id")
    return Table(model._meta.db_table, columns)
