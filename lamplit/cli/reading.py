"""What the log says of one subject, opened with the keys that this installation holds."""

from collections.abc import Iterator
from typing import Any

import msgspec

from lamplit.basics.fact import Unavailable
from lamplit.cli import start
from lamplit.cli.say import Failed, say, say_json
from lamplit.config import place
from lamplit.record.encode import Codec, Entry, read_header
from lamplit.record.keys import HeldKeys

_ABOUT = """
SELECT n, bytes FROM (
    SELECT idx AS n, idx AS place, bytes FROM record.entry
    UNION ALL SELECT NULL, (SELECT count(*) FROM record.entry) + id, bytes FROM record.intake
) every WHERE position(%s::bytea IN bytes) > 0 ORDER BY place
"""


def show(subject: str, *, as_json: bool) -> int:
    """Print the entries that name the subject, in the order of the log; those not sealed yet come last."""
    start.open_installation()
    found = [(number, _as_json(number, entry)) for number, entry in entries_of(subject)]
    if not found:
        raise Failed(f"The log names nothing with the id {subject}.")
    if as_json:
        say_json([told for _, told in found])
        return 0
    for number, told in found:
        say(f"{'not sealed yet' if number is None else f'entry {number}'}  {told['at']}  {told['kind']}  by {told['by']}")
        for name, value in told["body"].items():
            say(f"    {name}: {value if isinstance(value, str) else msgspec.json.encode(value).decode()}")
    return 0


def entries_of(subject: str) -> Iterator[tuple[int | None, Entry]]:
    """Yield the entries that name a subject, each with its number in the log, None while it is not sealed."""
    codec = Codec(place.origin())
    with start.connect("owner") as db:
        rows = db.execute(_ABOUT, [f'"{subject}"'.encode()]).fetchall()
        raws = [(number, bytes(raw)) for number, raw in rows if subject in read_header(bytes(raw)).subjects]
        entries = [(number, codec.clear(raw), raw) for number, raw in raws]
        named = list({key for _, entry, _ in entries for key in codec.key_ids(entry)})
        keys = db.execute("SELECT id, key FROM record.key WHERE id = ANY(%s)", [named]).fetchall()
    held = HeldKeys({i: bytes(k) for i, k in keys if k is not None}, {i for i, k in keys if k is None})
    for number, entry, raw in entries:
        codec.open(entry, held, raw)
        yield number, entry


def _as_json(number: int | None, entry: Entry) -> dict[str, Any]:
    body = {name: getattr(entry.body, name) for name in entry.body.__struct_fields__}
    told = {
        "entry": number,
        "kind": f"{entry.kind}/{entry.version}",
        "id": entry.id,
        "at": entry.at,
        "recorded_at": entry.recorded_at,
        "by": entry.by,
        "command": entry.command,
        "body": {name: value for name, value in body.items() if value is not None},
    }
    plain = msgspec.to_builtins(told, enc_hook=_words)
    assert isinstance(plain, dict)  # noqa: S101 - a dict stays one
    return plain


def _words(value: Any) -> Any:
    if isinstance(value, Unavailable):
        return f"({value})"
    raise TypeError(f"{type(value).__name__} has no words")
