"""An entry: one fact as canonical bytes, with a clear header, a clear body and sealed parts.

JSON with its fields in the order of their definition, defaults left out, no spaces:
`{"kind","version","id","at","recorded_at","by","subjects","command","body":{...},"sealed":{part:[key id, given, base64]}}`.
`given` has one bit for each field of the part that holds something, so that a place without the key still knows which were given.
Bytes that do not come out the same when decoded and encoded again are no entry. An unknown kind or version is an
error in plain words, never skipped.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any, cast, get_type_hints

import msgspec
from msgspec.structs import force_setattr

from lamplit.basics.fact import REGISTRY, WITHHELD, Fact, Part, Schema, Unavailable
from lamplit.record import crypt

MAX_ENTRY_BYTES = 48_000  # so that an entry, in base64, fits verbatim into another record's entry
SEALED_ACTOR = "sealed"
_MAX_INT = 2**53 - 1
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_encode = msgspec.json.Encoder().encode


class BadEntry(ValueError):  # noqa: N818 - it says what the bytes are
    """Bytes that are no entry of this release: the sentence says why."""


class Entry(msgspec.Struct):
    """An entry read back: header, and the fact in `body`. The wire classes made below have these fields and `sealed`."""

    kind: str
    version: int
    id: str
    at: datetime
    recorded_at: datetime
    by: str
    subjects: list[str]
    command: str
    body: Any


class Header(msgspec.Struct):
    """The header of any entry, of this release or not."""

    kind: str
    version: int
    id: str
    at: datetime
    recorded_at: datetime
    by: str
    subjects: list[str]
    command: str


class Codec:
    """Encodes and decodes entries of one log. `origin` is bound into every sealed part."""

    def __init__(self, origin: str) -> None:
        self.origin, self._origin = origin, origin.encode()
        self._kinds: dict[bytes, Kind] = {}

    def encode(
        self, fact: Fact, keys: crypt.Keyring, *, id: str, at: datetime, recorded_at: datetime, by: str, command: str
    ) -> bytes:
        """Return the canonical bytes of one fact. BadEntry if it has no canonical form or is too long."""
        return self.write(fact, keys, id=id, at=at, recorded_at=recorded_at, by=by, command=command)[0]

    def write(
        self, fact: Fact, keys: crypt.Keyring, *, id: str, at: datetime, recorded_at: datetime, by: str, command: str
    ) -> tuple[bytes, Entry]:
        """Return the canonical bytes of one fact, and the entry read back from them as `clear` reads it."""
        check_values(fact)
        kind = kind_of(type(fact))
        sealed = {}
        for part in kind.parts:
            given, plain = part.plain(fact, by)
            if given:
                owner = getattr(fact, part.owner)
                key_id, key = keys.sealing_key(owner, part.key_class)
                sealed[part.slot] = (key_id, given, crypt.seal(key, plain, self._associated(part, key_id), part.key_class))
        wire = kind.wire(
            kind=kind.schema.kind,
            version=kind.schema.version,
            id=id,
            at=at,
            recorded_at=recorded_at,
            by=SEALED_ACTOR if kind.schema.actor else by,
            subjects=kind.subjects_of(fact),
            command=command,
            body=kind.clear_copy(fact),
            sealed=kind.sealed(**sealed) if sealed else None,
        )
        raw = _encode(wire)
        if len(raw) > MAX_ENTRY_BYTES:
            raise BadEntry(f"{kind.schema.name}: {len(raw):,} bytes; an entry has at most {MAX_ENTRY_BYTES:,}")
        entry = kind.decode(raw)
        if _encode(entry) != raw:
            raise BadEntry(f"{kind.schema.name}: its bytes do not come out the same again")
        if entry.at.tzinfo is not UTC or entry.recorded_at.tzinfo is not UTC:
            raise BadEntry(f"{kind.schema.name}: times are in UTC")
        return raw, entry

    def kind(self, raw: bytes) -> "Kind":
        """Return the kind of an entry from its first bytes. BadEntry if this release does not know it."""
        start = raw[: raw.find(b',"id":')]
        found = self._kinds.get(start)
        if found is None:
            found = self._kinds[start] = kind_named(raw)
        return found

    def clear(self, raw: bytes) -> Entry:
        """Decode header and clear body. Personal fields are left as None."""
        return _clear(self.kind(raw), raw)

    def decode(self, raw: bytes, keys: crypt.Keyring) -> Entry:
        """Decode an entry, its personal fields opened, or ERASED or WITHHELD where there is no key."""
        kind = self.kind(raw)
        entry = _clear(kind, raw)
        if entry.sealed is not None:  # type: ignore[attr-defined]  # the wire classes have it
            self._open(kind, entry, keys)
        return entry

    def open(self, entry: Entry, keys: crypt.Keyring) -> None:
        """Open the sealed parts of an entry from `clear` in place. BadEntry if a part was tampered with."""
        if entry.sealed is not None:  # type: ignore[attr-defined]  # the same
            self._open(kind_of(_class(entry)), entry, keys)

    def _open(self, kind: "Kind", entry: Entry, keys: crypt.Keyring) -> None:
        sealed = entry.sealed  # type: ignore[attr-defined]  # the same
        for part in kind.parts:
            box = getattr(sealed, part.slot)
            if box is None:
                continue
            key = keys.opening_key(box[0])
            if isinstance(key, Unavailable):
                part.fill(entry, box[1], key)
                continue
            try:
                part.open(entry, crypt.unseal(key, box[2], self._associated(part, box[0])))
            except Exception as error:
                raise BadEntry(f"{kind.schema.name}, part {part.name}: cannot be opened ({type(error).__name__})") from error

    def _associated(self, part: "SealedPart", key_id: str) -> bytes:
        """Return `origin|kind|version|part|key id`: what is sealed for one place cannot be moved to another."""
        return self._origin + part.bound + key_id.encode()

    def key_ids(self, entry: Entry) -> Iterator[str]:
        """Yield the key ids that an entry's sealed parts name."""
        if (sealed := entry.sealed) is not None:  # type: ignore[attr-defined]
            for slot in sealed.__struct_fields__:
                if (box := getattr(sealed, slot)) is not None:
                    yield box[0]


class SealedPart:
    """One sealed part of one kind: how its fields become bytes and come back."""

    def __init__(self, part: Part, slot: str, cls: type[Fact], with_actor: bool) -> None:
        self.name, self.slot, self.fields = part.name, slot, part.fields
        self.owner, self.key_class = part.key.owner, part.key.key_class
        self.with_actor = with_actor
        self.bound = f"|{cls.schema.name.replace('/', '|')}|{part.name}|".encode()
        hints = get_type_hints(cls)
        fields: list[Any] = [(name, hints[name], None) for name in part.fields]
        if with_actor:
            fields.append(("actor", str | None, None))
        self._struct = msgspec.defstruct(
            f"{cls.__name__}_{slot}", fields, omit_defaults=True, forbid_unknown_fields=True, frozen=True
        )
        self._decode: Callable[[bytes], Any] = msgspec.json.Decoder(self._struct).decode

    def plain(self, fact: Fact, by: str) -> tuple[int, bytes]:
        """Return which fields were given (one bit each; 0 for none) and the part's plaintext."""
        values, given = {}, 0
        for bit, name in enumerate(self.fields):
            if (value := getattr(fact, name)) is not None:
                if isinstance(value, Unavailable):
                    raise BadEntry(f"{type(fact).__name__}.{name} is {value}; what cannot be read cannot be written")
                values[name] = value
                given |= 1 << bit
        if self.with_actor:
            values["actor"] = by
            given |= 1 << len(self.fields)
        part = self._struct(**values)
        plain = _encode(part)
        try:
            same = self._decode(plain) == part
        except msgspec.ValidationError:
            same = False
        if not same:  # sealed, nobody would see it until a rebuild stops at it
            raise BadEntry(f"{type(fact).__name__}, part {self.name}: a value is not of its field's type")
        return given, plain

    def open(self, entry: Entry, plain: bytes) -> None:
        read = self._decode(plain)
        fact = entry.body
        for name in self.fields:
            if (value := getattr(read, name)) is not None:
                force_setattr(fact, name, value)
        if self.with_actor:
            entry.by = read.actor

    def fill(self, entry: Entry, given: int, state: Unavailable) -> None:
        """Mark the fields that were given as unreadable here."""
        for bit, name in enumerate(self.fields):
            if given >> bit & 1:
                force_setattr(entry.body, name, state)
        if self.with_actor:
            entry.by = cast(str, state)


class Kind:
    """Everything needed to read and write one kind and version, made once from its fact class."""

    def __init__(self, cls: type[Fact]) -> None:
        self.cls, self.schema = cls, cls.schema
        slots = [f"p{i}" for i in range(len(cls.schema.parts))]
        self.parts = [
            SealedPart(part, slot, cls, part.key == cls.schema.actor) for part, slot in zip(cls.schema.parts, slots, strict=True)
        ]
        self.personal = tuple(name for part in cls.schema.parts for name in part.fields)
        self.personal_of: Callable[[Any], Any] = attrgetter(*self.personal) if self.personal else lambda _: None
        self.nothing = (None,) * len(self.personal) if len(self.personal) > 1 else None
        self.sealed: type[Any] = msgspec.defstruct(
            f"{cls.__name__}_sealed",
            [(slot, tuple[str, int, bytes] | None, None) for slot in slots],
            rename={slot: part.name for slot, part in zip(slots, cls.schema.parts, strict=True)},
            omit_defaults=True,
            forbid_unknown_fields=True,
        )
        self.wire: type[Any] = msgspec.defstruct(
            f"{cls.__name__}_entry",
            [*[(f, t) for f, t in get_type_hints(Header).items()], ("body", cls), ("sealed", self.sealed | None, None)],
            omit_defaults=True,
            forbid_unknown_fields=True,
        )
        self.decode: Callable[[bytes], Any] = msgspec.json.Decoder(self.wire).decode
        self._blank: dict[str, Any] = dict.fromkeys(self.personal)

    def clear_copy(self, fact: Fact) -> Fact:
        return msgspec.structs.replace(fact, **self._blank) if self._blank else fact

    def subjects_of(self, fact: Fact) -> list[str]:
        """Return the subjects that the schema names, in its order, each once."""
        found: dict[str, None] = {}
        for name in self.schema.subjects:
            value = getattr(fact, name)
            for subject in value if isinstance(value, list) else [value]:
                if subject is not None:
                    found[subject] = None
        return list(found)


def _clear(kind: Kind, raw: bytes) -> Entry:
    try:
        entry: Entry = kind.decode(raw)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise BadEntry(f"{kind.schema.name}: {error}") from error
    if _encode(entry) != raw:
        raise BadEntry(f"{kind.schema.name}: its bytes do not come out the same again")
    if entry.at.tzinfo is not UTC or entry.recorded_at.tzinfo is not UTC:
        raise BadEntry(f"{kind.schema.name}: times are in UTC")
    if kind.personal and kind.personal_of(entry.body) != kind.nothing:
        raise BadEntry(f"{kind.schema.name}: a personal field stands in clear")
    return entry


@cache
def kind_of(cls: type[Fact]) -> Kind:
    return Kind(cls)


_read_header = msgspec.json.Decoder(Header).decode


def read_header(raw: bytes) -> Header:
    """Return the header of an entry of any kind, known here or not. BadEntry if it has none."""
    try:
        return _read_header(raw)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise BadEntry(f"no entry's header: {error}") from error


def kind_named(raw: bytes) -> Kind:
    header = read_header(raw)
    cls = REGISTRY.get((header.kind, header.version))
    if cls is None:
        raise BadEntry(
            f"{header.kind}/{header.version} is unknown to this release. It may come from a newer one: upgrade, then go on."
        )
    return kind_of(cls)


def check_values(value: Any, where: str = "") -> None:
    """Refuse a value without one canonical form: control characters, text not in NFC, integers beyond 2**53, local times."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            inner = getattr(value, name)
            if inner is None or inner.__class__ is bool or (inner.__class__ is str and _is_plain(inner)):
                continue  # most are: nothing more to look at
            check_values(inner, f"{where or type(value).__name__}.{name}")
    elif value is None or isinstance(value, (bool, Unavailable)):
        return
    elif isinstance(value, str):
        if _CONTROL.search(value):
            raise BadEntry(f"{where}: control characters cannot be kept")
        if not value.isascii() and not unicodedata.is_normalized("NFC", value):
            raise BadEntry(f"{where}: text must be in Unicode NFC")
    elif isinstance(value, int):
        if abs(value) > _MAX_INT:
            raise BadEntry(f"{where}: {value} is beyond 53 bits")
    elif isinstance(value, datetime):
        if value.tzinfo is None or value.utcoffset():
            raise BadEntry(f"{where}: times are in UTC")
    elif isinstance(value, (list, tuple)):
        for item in value:
            check_values(item, where)
    elif isinstance(value, dict):
        check_values([*value, *value.values()], where)


def _is_plain(text: str) -> bool:
    """Whether a text is ASCII with nothing but what is printed."""
    return text.isascii() and text.isprintable()


def clean(text: str) -> str:
    """Return text as the record can keep it: NFC, Unix newlines, other control characters left out."""
    return _CONTROL.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))


def withhold(entry: Entry) -> None:
    """Mark every sealed field of an entry from `clear` as WITHHELD, without trying a key."""
    kind = kind_of(_class(entry))
    sealed = cast(Any, entry).sealed
    for part in kind.parts:
        if sealed is not None and (box := getattr(sealed, part.slot)) is not None:
            part.fill(entry, box[1], WITHHELD)


def schema_of(entry: Entry) -> Schema:
    return _class(entry).schema


def _class(entry: Entry) -> type[Fact]:
    return cast(type[Fact], type(entry.body))
