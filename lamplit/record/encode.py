"""An entry: one fact as canonical bytes, with a clear header, a clear body and sealed parts.

JSON with its fields in the order of their definition, defaults left out, no spaces:
`{"kind","version","id","at","recorded_at","by","subjects","command","body":{...},"sealed":{part:[key id, given, base64]}}`.
`given` has one bit for each field of the part that holds something, so that a place without the key still knows which were given.
Bytes that do not come out the same when decoded and encoded again are no entry. An unknown kind or version is an
error in plain words, never skipped.
"""

import base64
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any, cast, get_type_hints

import msgspec
from msgspec.structs import force_setattr

from lamplit.basics.fact import REGISTRY, WITHHELD, Fact, Part, Schema, SealedAt, Unavailable
from lamplit.record import crypt
from lamplit.record.canonical import CONTROL, check_values
from lamplit.record.canonical import BadEntry as BadEntry  # noqa: PLC0414 - others take it from here
from lamplit.record.facts import Ingested

MAX_ENTRY_BYTES = 48_000  # so that an entry, in base64, fits verbatim into another record's entry
MAX_INGESTED_BYTES = 65_535  # one that holds another log's entry: what a bundle of C2SP tlog-tiles can carry
INGESTED = b'{"kind":"record.ingested","version":1'
SEALED_ACTOR = "sealed"
_encode = msgspec.json.Encoder().encode


class TooLong(BadEntry):
    """A fact whose entry would be longer than entries may be."""


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
        most = MAX_INGESTED_BYTES if raw.startswith(INGESTED) else MAX_ENTRY_BYTES
        if len(raw) > most:
            raise TooLong(f"{kind.schema.name}: {len(raw):,} bytes; an entry has at most {most:,}")
        entry = kind.decode(raw)
        if _encode(entry) != raw:
            raise BadEntry(f"{kind.schema.name}: its bytes do not come out the same again")
        if entry.at.tzinfo is not UTC or entry.recorded_at.tzinfo is not UTC:
            raise BadEntry(f"{kind.schema.name}: times are in UTC")
        return raw, entry

    def kind(self, raw: bytes) -> "Kind":
        """Return the kind of an entry from its first bytes. BadEntry if this release does not know it.

        An entry that holds another log's entry is of the kind of that one, here and below: folds see what happened.
        """
        start = raw[: raw.find(b',"id":')]
        if start == INGESTED:
            return self.kind(inside(raw)[1])
        found = self._kinds.get(start)
        if found is None:
            found = self._kinds[start] = kind_named(raw)
        return found

    def clear(self, raw: bytes) -> Entry:
        """Decode header and clear body. Personal fields are left as None."""
        if raw.startswith(INGESTED):
            return self.clear(inside(raw)[1])
        return _clear(self.kind(raw), raw)

    def decode(self, raw: bytes, keys: crypt.Keyring) -> Entry:
        """Decode an entry, its personal fields opened, or ERASED or WITHHELD where there is no key."""
        if raw.startswith(INGESTED):
            origin, raw = inside(raw)
            return Codec(origin).decode(raw, keys)
        kind = self.kind(raw)
        entry = _clear(kind, raw)
        if entry.sealed is not None:  # type: ignore[attr-defined]  # the wire classes have it
            self._open(kind, entry, keys)
        return entry

    def open(self, entry: Entry, keys: crypt.Keyring, raw: bytes) -> None:
        """Open the sealed parts of an entry that `clear` made from `raw`, in place. BadEntry if a part was tampered with."""
        if raw.startswith(INGESTED):
            origin, raw = inside(raw)
            return Codec(origin).open(entry, keys, raw)
        if entry.sealed is not None:  # type: ignore[attr-defined]  # the same
            self._open(kind_of(_class(entry)), entry, keys)
        return None

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

    def __init__(self, part: Part, number: int, cls: type[Fact], with_actor: bool) -> None:
        self.number, slot = number, f"p{number}"
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
        """Mark the fields that were given as unreadable here, or with where they stand sealed."""
        where = state if isinstance(state, SealedAt) else None
        for bit, name in enumerate(self.fields):
            if given >> bit & 1:
                force_setattr(entry.body, name, where.of(self.number, bit) if where else state)
        if self.with_actor:
            entry.by = cast(str, where.of(self.number, len(self.fields)) if where else state)

    def value(self, entry: Entry, bit: int) -> Any:
        """Return the field of an opened entry that `fill` marked with this bit."""
        return entry.by if bit == len(self.fields) else getattr(entry.body, self.fields[bit])


class Kind:
    """Everything needed to read and write one kind and version, made once from its fact class."""

    def __init__(self, cls: type[Fact]) -> None:
        self.cls, self.schema = cls, cls.schema
        slots = [f"p{i}" for i in range(len(cls.schema.parts))]
        self.parts = [SealedPart(part, number, cls, part.key == cls.schema.actor) for number, part in enumerate(cls.schema.parts)]
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
    """Return the header of an entry of any kind, known here or not; of one from another log, its own. BadEntry if it has none."""
    return _header(inside(raw)[1] if raw.startswith(INGESTED) else raw)


def _header(raw: bytes) -> Header:
    try:
        return _read_header(raw)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise BadEntry(f"no entry's header: {error}") from error


def inside(raw: bytes) -> tuple[str, bytes]:
    """Return the origin and the bytes of the other log's entry that an entry holds. BadEntry if it holds none."""
    fact = _clear(kind_of(Ingested), raw).body
    try:
        inner = base64.b64decode(fact.entry, validate=True)
    except ValueError as error:
        raise BadEntry(f"no entry of another log in it: {error}") from error
    if inner.startswith(INGESTED):
        raise BadEntry("an entry of another log holds a third one's")
    return fact.origin, inner


def verbatim(raw: bytes) -> Entry:
    """Return header and clear body of an entry as it stands: one that holds another log's entry is not looked through."""
    return _clear(kind_named(raw), raw)


def origin_of(raw: bytes, here: str) -> str:
    """Return the log that an entry of the log `here` was first written in: its sealed parts are bound to that one."""
    return inside(raw)[0] if raw.startswith(INGESTED) else here


def kind_named(raw: bytes) -> Kind:
    """Return the kind that the first words of an entry name. BadEntry if this release does not know it."""
    header = _header(raw)
    cls = REGISTRY.get((header.kind, header.version))
    if cls is None:
        raise BadEntry(
            f"{header.kind}/{header.version} is unknown to this release. It may come from a newer one: upgrade, then go on."
        )
    return kind_of(cls)


def clean(text: str) -> str:
    """Return text as the record can keep it: NFC, Unix newlines, other control characters left out."""
    return CONTROL.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))


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
