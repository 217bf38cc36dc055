"""Queries that are asked all day: Django spells one when it is first asked; later it goes out as it stands, with other values.

Spelling a query set costs Django several times what PostgreSQL needs to find a row by its index. Reading and planning what was
spelt costs PostgreSQL more than finding it: so that is done once a connection.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar, cast

from django.db import connection, models
from django.db.models import Count, Q, Value

M = TypeVar("M", bound=models.Model)
Convert = Callable[[Any, Any, Any], Any]


@models.TextField.register_lookup
class AnyOf(models.Lookup):
    """`id__any=ids`: the column holds one of a list of texts. Unlike `__in` it is spelt alike for any number of them."""

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, list(self.rhs)]


def kept_cursor() -> Any:
    """Return a cursor for statements that are spelt alike each time: each is read once a connection (config/postgres)."""
    return cast(Any, connection).kept_cursor()


class _Spelt(NamedTuple):
    """A query as it is sent. `slots` says for each parameter whose value it takes (None: `constants` has it)."""

    sql: str
    slots: tuple[str | None, ...]
    constants: tuple[Any, ...]


class _Ready(ABC):
    """What both kinds share. The arguments of `build` are the names under which a call gives its values."""

    def __init__(self, build: Callable[..., models.QuerySet[Any]]) -> None:
        self._build = build
        self._spelt: dict[tuple[Any, ...], _Spelt] = {}  # by limit and by which values are None: these are spelt otherwise
        self._conversions: tuple[tuple[int, Convert], ...] = ()

    def _rows(self, limit: int | None, values: dict[str, Any]) -> list[Any]:
        """Ask, and return the rows as the fields of their columns read them."""
        key = (limit, *[name for name, value in values.items() if value is None])
        spelt = self._spelt.get(key)
        if spelt is None:
            spelt = self._spelt[key] = self._spell(limit, values)
        params = [constant if slot is None else values[slot] for slot, constant in zip(spelt.slots, spelt.constants, strict=True)]
        with kept_cursor() as cursor:
            cursor.execute(spelt.sql, params)
            found: list[Any] = cursor.fetchall()
        return [self._read(row) for row in found] if self._conversions else found

    def _read(self, row: tuple[Any, ...]) -> list[Any]:
        values = list(row)
        for place, convert in self._conversions:
            if values[place] is not None:
                values[place] = convert(values[place], None, connection)
        return values

    def _spell(self, limit: int | None, values: dict[str, Any]) -> _Spelt:
        """Let Django spell the query with stand-ins for the values, and note where these went."""
        stand_ins = {name: _stand_in(number, value) for number, (name, value) in enumerate(values.items()) if value is not None}
        rows = self._prepared(self._build(**{**values, **stand_ins}))
        sql, params = rows[:limit].query.sql_with_params() if limit is not None else rows.query.sql_with_params()
        slots = tuple(next((name for name, stand_in in stand_ins.items() if param == stand_in), None) for param in params)
        if missing := stand_ins.keys() - set(slots):
            raise TypeError(f"{', '.join(sorted(missing))}: a value that changes how the query is spelt, or is left out of it")
        return _Spelt(sql, slots, tuple(params))

    @abstractmethod
    def _prepared(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Return the query set as it is to be spelt, and note how its columns are read."""

    def _converts(self, fields: list[Any]) -> None:
        places = enumerate(fields)
        self._conversions = tuple((place, field.from_db_value) for place, field in places if hasattr(field, "from_db_value"))


class Ready(_Ready, Generic[M]):
    """A query for whole rows.

    HOME = Ready(lambda home: Home.objects.filter(id=home))
    HOME.first(home="h_…")

    A value is None, a text, a whole number, a day, a moment, or a list of texts for `…__any`. For None Django spells anew, so
    `build` may leave a filter out for it.
    """

    def __init__(self, build: Callable[..., models.QuerySet[M]]) -> None:
        super().__init__(build)
        self._model: type[M] | None = None
        self._names: list[str] = []

    def all(self, *, limit: int | None = None, **values: Any) -> list[M]:
        """Return the rows, up to a limit."""
        rows = self._rows(limit, values)
        if self._model is None:
            return []
        return [self._model.from_db(connection.alias, self._names, row) for row in rows]

    def first(self, **values: Any) -> M | None:
        """Return the first row, or None."""
        return next(iter(self.all(**values)), None)

    def _prepared(self, rows: models.QuerySet[M]) -> models.QuerySet[M]:
        fields = list(rows.model._meta.concrete_fields)
        self._model, self._names = rows.model, [field.attname for field in fields]
        self._converts(fields)
        return rows


class ReadyColumns(_Ready):
    """A query for some columns, annotated ones too: `ReadyColumns(build, "id", "home")` gives lists or tuples of two."""

    def __init__(self, build: Callable[..., models.QuerySet[Any]], *columns: str) -> None:
        super().__init__(build)
        self._columns = columns

    def all(self, *, limit: int | None = None, **values: Any) -> list[Any]:
        """Return the columns of each row, up to a limit."""
        return self._rows(limit, values)

    def column(self, **values: Any) -> list[Any]:
        """Return the first column of each row."""
        return [row[0] for row in self._rows(None, values)]

    def _prepared(self, rows: models.QuerySet[Any]) -> Any:
        fields = {field.name: field for field in rows.model._meta.concrete_fields}
        self._converts([fields.get(name) for name in self._columns])
        return rows.values_list(*self._columns)


def counted(rows: models.QuerySet[Any], **filters: Q) -> models.QuerySet[Any]:
    """Return a query set of one row that says how many of `rows` each filter shows, all in one pass; for `ReadyColumns`."""
    counts = {name: Count("pk", filter=wanted or None) for name, wanted in filters.items()}
    return rows.order_by().annotate(of_all=Value(1)).values("of_all").annotate(**counts)


def _stand_in(number: int, value: Any) -> Any:
    """Return a value of the same kind that stands in no query otherwise."""
    if isinstance(value, str):
        return f"\x00{number}"
    if isinstance(value, datetime):
        return datetime(1, 1, 1, microsecond=number, tzinfo=UTC)
    if isinstance(value, date):
        return date.min + timedelta(days=number)
    if isinstance(value, int) and not isinstance(value, bool):
        return -2_000_000_000 - number
    if isinstance(value, list):
        return [f"\x00{number}"]
    raise TypeError(f"{value!r} cannot be a value of a ready query")
