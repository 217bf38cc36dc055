"""The words in which `config/wiring.py` says which fact folds into which table."""

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal

from lamplit.basics.fact import Fact
from lamplit.record.tables import Table

How = Literal["makes", "changes", "sets", "adds"]
FoldFunction = Callable[[Any, Any, Any], None]
Keys = str | Callable[[Any], list[str]]
Items = Callable[[Any, Any], Iterable[tuple[str, Any]]]


@dataclass(frozen=True)
class Fold:
    """One fold: the model, how its row comes about, the row's key, and the function."""

    model: type[Any]
    how: How
    key: Keys
    function: FoldFunction
    items: Items | None = None  # of a fact that holds many items: row id and item of each
    of: str | None = None  # the clear field that lists whose the items are: a rebuild places them by it, and reads nothing else


def makes(model: type[Any], key: Keys, function: FoldFunction) -> Fold:
    """The fact makes a new row."""
    return Fold(model, "makes", key, function)


def changes(model: type[Any], key: Keys, function: FoldFunction) -> Fold:
    """The fact changes a row that exists."""
    return Fold(model, "changes", key, function)


def sets(model: type[Any], key: Keys, function: FoldFunction) -> Fold:
    """The fact makes the row or changes it."""
    return Fold(model, "sets", key, function)


def adds(model: type[Any], function: FoldFunction) -> Fold:
    """The fact adds a line whose id is the entry's id."""
    return Fold(model, "adds", "", function)


def changes_each(model: type[Any], items: Items, function: FoldFunction, of: str | None = None) -> Fold:
    """Each item of the fact changes one row: `items(fact, entry)` gives row ids and items, the fold sees its row's item alone."""
    return Fold(model, "changes", "", function, items, of)


def makes_each(model: type[Any], items: Items, function: FoldFunction) -> Fold:
    """Each item of the fact makes one new row, which later facts may change."""
    return Fold(model, "makes", "", function, items)


def sets_each(model: type[Any], items: Items, function: FoldFunction) -> Fold:
    """Each item of the fact makes one row or changes it."""
    return Fold(model, "sets", "", function, items)


def adds_each(model: type[Any], items: Items, function: FoldFunction, of: str | None = None) -> Fold:
    """Each item of the fact adds a line. Its id, `<whose>.<entry>.<number>`, is no other's, and lets it stand with its owner."""
    return Fold(model, "adds", "", function, items, of)


@dataclass(frozen=True)
class Route:
    """A fold made ready: `keys(entry)` gives the row ids that it touches, `items(fact, entry)` what the fold sees of each too."""

    table: Table
    how: How
    keys: Callable[[Any], Iterable[str]]
    function: FoldFunction
    field: str | None  # the clear field that is the key; None when the key is worked out from several
    place: str | None  # the clear field by which a rebuild puts this row's partition; None: by each row's own key
    items: Items | None = None
    of: str | None = None

    def pairs(self, entry: Any) -> Iterable[tuple[str, Any]]:
        """Yield each row id that an entry touches, with what the fold is to see for it."""
        return [(key, entry.body) for key in self.keys(entry)] if self.items is None else self.items(entry.body, entry)


class Wiring:
    """Every fact's folds, ready to run, and every folded table.

    `together` names, for some tables, the clear field by which their rows stand together in a rebuild: a repair's works,
    visits and clocks with the repair, so that an entry is read once. It must be a field of every fact that folds into the
    table, and never differ between two facts of one row.
    """

    def __init__(
        self,
        folds: Mapping[type[Fact], Iterable[Fold]],
        table_of: Callable[[type[Any]], Table],
        together: Mapping[type[Any], str] | None = None,
    ) -> None:
        self.tables: dict[type[Any], Table] = {}
        self.routes: dict[type[Fact], tuple[Route, ...]] = {}
        for fact, listed in folds.items():
            ready = []
            for fold in listed:
                if fold.model not in self.tables:
                    self.tables[fold.model] = table_of(fold.model)
                field = fold.key if isinstance(fold.key, str) and not fold.items else None
                place = (together or {}).get(fold.model, field)
                place = None if fold.items else place
                if place and fold.how != "adds" and place not in fact.schema.clear:
                    raise TypeError(f"{fact.__name__} folds into {fold.model.__name__} and has no clear field {place}")
                if fold.of and fold.of not in fact.schema.clear:
                    raise TypeError(f"{fact.__name__} has no clear field {fold.of} that lists whose its items are")
                keys = _keys(fact, fold)
                ready.append(Route(self.tables[fold.model], fold.how, keys, fold.function, field, place, fold.items, fold.of))
            self.routes[fact] = tuple(ready)
        self.by_name = {table.name: table for table in self.tables.values()}

    def only(self, models: Collection[type[Any]]) -> "Wiring":
        """Return the folds into some tables alone; facts without one are left out."""
        some = copy(self)
        some.tables = {model: table for model, table in self.tables.items() if model in models}
        wanted = set(map(id, some.tables.values()))
        kept = {fact: tuple(route for route in routes if id(route.table) in wanted) for fact, routes in self.routes.items()}
        some.routes = {fact: routes for fact, routes in kept.items() if routes}
        some.by_name = {table.name: table for table in some.tables.values()}
        return some


def _keys(fact: type[Fact], fold: Fold) -> Callable[[Any], Iterable[str]]:
    if fold.items:
        items = fold.items
        return lambda entry: [key for key, _ in items(entry.body, entry)]
    if fold.how == "adds":
        return lambda entry: (entry.id,)
    if callable(fold.key):
        of = fold.key
        return lambda entry: of(entry.body)
    if fold.key not in fact.schema.clear:
        raise TypeError(f"{fact.__name__}: the key {fold.key} is no clear field")
    get = attrgetter(fold.key)

    def one(entry: Any) -> Iterable[str]:
        key = get(entry.body)
        return () if key is None else (key,)

    return one
