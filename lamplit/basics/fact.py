"""What a fact is: something that happened, typed and versioned, never changed.

A fact's class says which fields are subjects, which are personal and under whose key, and why each
other field may stand in clear. `@fact` reads that once, when the class is defined, and refuses a
class that leaves it unsaid. Nothing here encodes or stores: that is `lamplit.record`.
"""

import types
import typing
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

T = TypeVar("T")
F = TypeVar("F", bound="type[Fact]")

KeyClass = Literal["contact", "care", "case", "money"]


@dataclass(frozen=True)
class Key:
    """The key a personal field is sealed under: the subject in field `owner`, of one key class.

    `owner` names a clear `Id` field of the same fact. Destroying that subject's key of that class
    erases the field everywhere.
    """

    owner: str
    key_class: KeyClass


@dataclass(frozen=True)
class Clear:
    """Says why a field may be read by everyone who holds the store."""

    why: str


class _Personal:
    """Marks a field as personal: it leaves the process only under a key."""


PERSONAL = _Personal()

# A value, or None (not given), or ERASED, or WITHHELD. Folds copy it without looking inside.
Personal = Annotated[T | None, PERSONAL]

# A pseudonym (basics/ids.py).
Id = Annotated[str, msgspec.Meta(min_length=3, max_length=48), Clear("a pseudonym")]


class Unavailable:
    """A personal value that cannot be read here: ERASED (its key is destroyed) or WITHHELD (no key here)."""

    __slots__ = ("column", "words")

    def __init__(self, column: str, words: str) -> None:
        self.column = column  # how a folded text column stores it; facts refuse control characters, so no clash
        self.words = words

    def __str__(self) -> str:
        return self.words

    def __repr__(self) -> str:
        return self.words.upper()


ERASED = Unavailable("\x01erased", "erased")
WITHHELD = Unavailable("\x01withheld", "withheld")


class SealedAt(Unavailable):
    """A personal value that this place keeps sealed: where in the log its ciphertext stands, to be opened when it is read.

    `at` is the entry's number; `of(part, field)` is the same for one field of one of its sealed parts.
    """

    __slots__ = ("at",)
    MARK = "\x01at "

    def __init__(self, at: int, part: int = 0, field: int = 0) -> None:
        super().__init__(f"{self.MARK}{at} {part} {field}", "sealed")
        self.at = at

    def of(self, part: int, field: int) -> "SealedAt":
        return SealedAt(self.at, part, field)

    @classmethod
    def parse(cls, column: str) -> tuple[int, int, int]:
        """Return entry, part and field from what a column holds."""
        at, part, field = column.removeprefix(cls.MARK).split(" ")
        return int(at), int(part), int(field)


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Base of every fact. Subclasses are decorated with `@fact` and open with one sentence of docstring."""

    schema: ClassVar["Schema"]


@dataclass(frozen=True)
class Part:
    """The personal fields of a fact that share one key; sealed together. `name` is `<owner>.<class>`."""

    name: str
    key: Key
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Schema:
    """What `@fact` read from the class."""

    kind: str
    version: int
    subjects: tuple[str, ...]
    parts: tuple[Part, ...]
    actor: Key | None  # set: the header's `by` says "sealed" and the actor stands in this key's part
    clear: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.version}"


REGISTRY: dict[tuple[str, int], type[Fact]] = {}


def fact(kind: str, version: int, *, subjects: tuple[str, ...], actor: Key | None = None) -> Callable[[F], F]:
    """Register a fact class.

    `kind` is `<thing>.<past participle>`. `subjects` names the fields (an `Id`, an optional `Id` or a
    list of them) that the header lists, so that everything about a subject can be found and proved complete. `actor` seals
    who did it as well (a complaint in the clear next to her pseudonym would tell that she complained).
    """

    def register(cls: F) -> F:
        if (kind, version) in REGISTRY and REGISTRY[kind, version].__qualname__ != cls.__qualname__:
            raise TypeError(f"{kind}/{version} is already {REGISTRY[kind, version].__qualname__}")
        if not (cls.__doc__ or "").strip():
            raise TypeError(f"{cls.__name__}: a fact says in one sentence what happened")
        cls.schema = read_schema(cls, kind, version, subjects, actor)
        REGISTRY[kind, version] = cls
        return cls

    return register


def read_schema(cls: type[Fact], kind: str, version: int, subjects: tuple[str, ...], actor: Key | None) -> Schema:
    """Read a fact class's annotations. TypeError names the first field that leaves something unsaid."""
    hints = get_type_hints(cls, include_extras=True)
    hints.pop("schema", None)
    optional = _optional(cls)
    grouped: dict[Key, list[str]] = {}
    clear: dict[str, str] = {}
    for name, hint in hints.items():
        where = f"{cls.__name__}.{name}"
        marks = _marks(hint)
        if PERSONAL in marks:
            keys = [m for m in marks if isinstance(m, Key)]
            if len(keys) != 1:
                raise TypeError(f"{where}: a personal field names one Key")
            if name not in optional:
                raise TypeError(f"{where}: a personal field defaults to None, since it may be unreadable")
            grouped.setdefault(keys[0], []).append(name)
        else:
            reasons = [m.why for m in marks if isinstance(m, Clear)]
            if not reasons:
                raise TypeError(f"{where}: say Clear(why), or seal it with Personal and a Key")
            clear[name] = reasons[0]
        _check_type(hint, where)
    for key in [*grouped, *([actor] if actor else [])]:
        if key.owner not in clear:
            raise TypeError(f"{cls.__name__}: key owner {key.owner} is no clear field")
    for name in subjects:
        if name not in clear:
            raise TypeError(f"{cls.__name__}: subject {name} is no clear field")
    if actor is not None:
        grouped.setdefault(actor, [])
    parts = tuple(Part(f"{k.owner}.{k.key_class}", k, tuple(names)) for k, names in grouped.items())
    return Schema(kind, version, subjects, parts, actor, clear)


def _optional(cls: type[Fact]) -> set[str]:
    """Names of the fields whose default is None; TypeError for any other default (old bytes would change meaning)."""
    names = set()
    for item in msgspec.structs.fields(cls):
        if item.default not in {msgspec.NODEFAULT, None} or item.default_factory is not msgspec.NODEFAULT:
            raise TypeError(f"{cls.__name__}.{item.name}: the only default is None")
        if item.default is None:
            names.add(item.name)
    return names


def _marks(hint: Any) -> list[Any]:
    """Every Annotated mark in a hint, looking through unions and lists (`Id | None`, `list[Id]`)."""
    marks: list[Any] = list(getattr(hint, "__metadata__", ()))
    for arg in get_args(hint):
        if arg is not type(None) and not isinstance(arg, (str, int)):
            marks += _marks(arg)
    return marks


_PLAIN = (str, int, bool, datetime, date, type(None))


def _check_type(hint: Any, where: str) -> None:
    """Refuse what has no single canonical form: floats, bytes, sets, anything untyped."""
    origin = get_origin(hint)
    if origin is Annotated:
        return _check_type(get_args(hint)[0], where)
    if origin in (Union, types.UnionType, list, tuple, dict):
        for arg in get_args(hint):
            if arg is not Ellipsis:
                _check_type(arg, where)
        return None
    if origin is Literal or hint in _PLAIN or (isinstance(hint, type) and issubclass(hint, Enum)):
        return None
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        for name, inner in get_type_hints(hint, include_extras=True).items():
            if not str(inner).startswith("typing.ClassVar"):
                _check_type(inner, f"{where}.{name}")
        return None
    raise TypeError(f"{where}: {hint!r} has no canonical form in the record")


class Written(typing.Protocol):
    """What a fold sees of an entry beside its fact: the header, read-only."""

    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def by(self) -> str: ...
    @property
    def command(self) -> str: ...
