"""The translators' catalogues: gather what has to be said, look whether they hold it, and compile them.

    bin/catalogues.py            gather all words of templates, code and data, and bring every catalogue up to date
    bin/catalogues.py --check    say what is missing, left over or broken, and change nothing
    bin/catalogues.py compile    make the compiled files that pages read; `make assets` does it

A language has two, which any editor for gettext opens: lamplit/config/locale/<code>/LC_MESSAGES/lamplit.po for what tenants read,
desk.po beside it for what only staff read. Empty means English.
"""

import ast
import io
import os
import re
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "lamplit" / "config" / "locale"
TEMPLATES = [f"lamplit/{one}/jinja2/**/*.html" for one in ("config", "portal")]
TEMPLATES.append("lamplit/standby/jinja2/standby/*.html")
CODE = [f"lamplit/{one}/**/*.py" for one in ("config", "portal", "standby")]
# What only staff read. Parts of the page kit that only the desk has are among it.
STAFF_KIT = [f"lamplit/config/jinja2/{one}.html" for one in ("layouts/desk", "kit/desk", "kit/proof", "kit/chart", "kit/talk")]
STAFF_STANDBY = [f"lamplit/standby/jinja2/standby/{one}.html" for one in ("declare", "status")]
STAFF_TEMPLATES = ["lamplit/desk/jinja2/**/*.html", *STAFF_KIT, *STAFF_STANDBY]
STAFF_CODE = ["lamplit/desk/**/*.py", "lamplit/config/left.py", "lamplit/standby/declaring.py", "lamplit/standby/standing.py"]
DATA = "lamplit/repairs/data"
RENT = "lamplit/rent/data/words.toml"
STAFF_DATA = [f"lamplit/{one}.toml" for one in ("incidents/data/duties", "incidents/data/rehearsals", "rent/data/steps")]
STATUS = "lamplit/incidents/data/status.toml"
KEYWORDS: Any = {"ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
KEYWORDS |= dict.fromkeys(("_", "gettext", "lazy", "lazy_with", "to_say"))
KEYWORDS["counted"] = (1, 2)
# Everything that somebody meets who reports a repair, at the standby too, who checks a message or reads the status page. Here a
# catalogue must be whole; elsewhere it may still be empty.
JOURNEY = [
    "lamplit/portal/jinja2/portal/_*.html",
    "lamplit/portal/jinja2/portal/report_*.html",
    "lamplit/portal/jinja2/portal/photo.html",
    "lamplit/portal/jinja2/portal/sign_in*.html",
    "lamplit/portal/jinja2/portal/code*.html",
    "lamplit/portal/report*.py",
    "lamplit/portal/asking.py",
    "lamplit/portal/sending.py",
    "lamplit/portal/receipt.py",
    "lamplit/portal/photos.py",
    "lamplit/portal/sign_in.py",
    "lamplit/portal/shared.py",
    "lamplit/config/jinja2/layouts/base.html",
    "lamplit/config/jinja2/layouts/portal.html",
    "lamplit/config/jinja2/kit/form.html",
    "lamplit/config/jinja2/kit/links.html",
    "lamplit/config/jinja2/kit/say.html",
    "lamplit/config/jinja2/kit/time.html",
    "lamplit/config/jinja2/error.html",
    "lamplit/standby/jinja2/standby/home.html",
    "lamplit/standby/jinja2/standby/re*.html",
    "lamplit/standby/*.py",
    "lamplit/config/jinja2/check.html",
    "lamplit/config/check*.py",
    "lamplit/config/jinja2/status*.html",
    "lamplit/config/status/*.py",
    "lamplit/config/receipt_checked.py",
    "lamplit/config/errors.py",
    "lamplit/config/forms.py",
    "lamplit/config/fields.py",
    "lamplit/config/jinja.py",
    "lamplit/config/when.py",
    "lamplit/config/photos/form.py",
    f"{DATA}/tree.yaml",
    f"{DATA}/advice.yaml",
    f"{DATA}/needs.yaml",
    f"{DATA}/law.toml",
]
JOURNEY_REFUSALS = (
    "record.command_reused",
    "record.done_before",
    "record.already_written",
    "record.busy",
    "repairs.answers_out_of_step",
    "repairs.no_such_answer",
    "repairs.say_what_is_wrong",
    "repairs.more_to_ask",
    "repairs.too_many_photos",
    "repairs.too_long",
    "homes.no_such_home",
)
FILLED_IN = re.compile(r"%\(\w+\)s|\{\w*\}")
TAGS = re.compile(r"</?\w+[^>]*>")
NUMBERS = re.compile(r"\d[\d ]*\d|\d")
BLOCKS = re.compile(r"</?(p|div|ul|ol|li|h\d|form|table|section)\b")


class Said:
    """One thing that has to be said: its words, in what context, and where."""

    def __init__(self, words: str | tuple[str, ...], where: str, note: str = "", context: str | None = None) -> None:
        self.words, self.where, self.note, self.context = words, where, note, context


def everything() -> Iterator[Said]:
    """Yield all that a tenant may read and that can be said in another language."""
    yield from _from_source(TEMPLATES, "jinja2.ext:babel_extract", but=STAFF_TEMPLATES)
    yield from _from_source(CODE, "python", but=STAFF_CODE)
    yield from _from_papers()
    yield from _from_data()
    yield from _from_refusals(0)


def everything_of_staff() -> Iterator[Said]:
    """Yield all that only staff read. What tenants read as well stands in their catalogue, and is found there."""
    found = [*_from_source(STAFF_TEMPLATES, "jinja2.ext:babel_extract"), *_from_source(STAFF_CODE, "python")]
    found += [*_from_tables(STAFF_CODE), *_from_refusals(1), *_from_data_of_staff()]
    there = {(said.context, said.words) for said in everything()}
    yield from (said for said in found if (said.context, said.words) not in there)


DOMAINS: dict[str, Callable[[], Iterator[Said]]] = {"lamplit": everything, "desk": everything_of_staff}


def _files(patterns: Iterable[str]) -> list[Path]:
    return sorted({found for pattern in patterns for found in ROOT.glob(pattern)})


def _from_source(patterns: Iterable[str], method: str, but: Iterable[str] = ()) -> Iterator[Said]:
    options = {"trimmed": "true", "silent": "false"} if "jinja" in method else {}
    others = set(_files(but))
    for path in _files(patterns):
        where = path.relative_to(ROOT).as_posix()
        if "/tests/" in where or where.endswith("refusals.py") or path in others:
            continue
        for _line, words, notes, context in extract_from_file(method, path, keywords=KEYWORDS, options=options):
            yield Said(words, where, " ".join(notes), context)


def _from_tables(patterns: Iterable[str]) -> Iterator[Said]:
    """Yield the words of tables by code: Words({"code": "What is said"})."""
    for path in _files(patterns):
        for call in ast.walk(ast.parse(path.read_text())):
            table = call.args[0] if isinstance(call, ast.Call) and call.args else None
            if isinstance(table, ast.Dict) and isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Words":
                for value in table.values:
                    if isinstance(value, ast.Constant) and value.value:
                        yield Said(str(value.value), path.relative_to(ROOT).as_posix())


def _from_papers() -> Iterator[Said]:
    """Yield what a template of a paper asks a catalogue for."""
    sys.path.insert(0, str(ROOT))
    from lamplit.config.papers import TEMPLATES as PAPERS  # noqa: PLC0415 - after the path is set
    from lamplit.config.papers import words_of  # noqa: PLC0415 - the same

    for path in sorted(PAPERS.glob("*.typ")):
        for words in words_of(path.stem):
            yield Said(words, path.relative_to(ROOT).as_posix())


def _from_data() -> Iterator[Said]:
    """The questions with their answers, what to do in danger, who lives there, and what a fault is called."""
    tree = _read("tree.yaml")
    for code, label in tree["rooms"].items():
        yield Said(label, f"{DATA}/tree.yaml", f"room {code}")
    for code, question in tree["questions"].items():
        yield Said(question["ask"], f"{DATA}/tree.yaml", f"question.{code}")
        if "hint" in question:
            yield Said(question["hint"], f"{DATA}/tree.yaml", f"hint.{code}")
        for answer, option in question.get("options", {}).items():
            yield Said(option["label"], f"{DATA}/tree.yaml", f"option.{code}.{answer}")
    for code, advice in _read("advice.yaml")["advice"].items():
        for words in (advice["title"], *advice["steps"], *advice["ring"]):
            yield Said(words, f"{DATA}/advice.yaml", f"advice.{code}")
    for code, need in _read("needs.yaml")["needs"].items():
        yield Said(need["label"], f"{DATA}/needs.yaml", f"need.{code}")
    law = tomllib.loads((ROOT / DATA / "law.toml").read_text())
    for period in dict.fromkeys(row["value"] for rows in law["right_to_repair"].values() for row in rows):
        if "working day" in str(period):
            yield Said(period, f"{DATA}/law.toml", "law")
    for code, hazard in tomllib.loads((ROOT / DATA / "hazards.toml").read_text())["hazard"].items():
        yield Said(hazard["name"], f"{DATA}/hazards.toml", f"hazard.{code}")
    rent = tomllib.loads((ROOT / RENT).read_text())
    for code, words in rent["sentence"].items():
        yield Said(words, RENT, f"rent.sentence.{code}")
    for code, words in rent["tenant"].items():
        yield Said(words, RENT, f"rent.line.{code}")
    services = tomllib.loads((ROOT / STATUS).read_text())["services"]
    for code in services["order"][-1]["value"]:
        yield Said(services[code][-1]["value"], STATUS, f"service.{code}")
    for code, fault in _read("faults.yaml")["faults"].items():
        yield Said(fault["name"], f"{DATA}/faults.yaml", f"fault.{code}")


def _read(name: str) -> Any:
    # Every word as it stands: "yes" is the code of an answer here, and no truth.
    return yaml.load((ROOT / DATA / name).read_text(), Loader=yaml.BaseLoader)  # noqa: S506 - it makes text, lists and maps only


def _from_data_of_staff() -> Iterator[Said]:
    """The parts of a day, the steps of arrears, what an incident is about and obliges us to, and what is rehearsed."""
    for part in tomllib.loads((ROOT / DATA / "policy.toml").read_text())["part"].values():
        yield Said(part[-1]["words"], f"{DATA}/policy.toml")
    sys.path.insert(0, str(ROOT))
    from lamplit.rent.rules.change import WHY_KEPT, WHY_LEFT_OUT  # noqa: PLC0415 - after the path is set

    for words in (*WHY_KEPT.values(), *WHY_LEFT_OUT.values()):
        yield Said(words, "lamplit/rent/rules/change.py")
    for name in STAFF_DATA:
        for words in _words_in(tomllib.loads((ROOT / name).read_text())):
            yield Said(words, name)


def _words_in(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _words_in(one)
    elif isinstance(part, dict):
        if part.get("words"):
            yield str(part["words"])
        yield from _words_in(list(part.values()))


def _from_refusals(reader: int) -> Iterator[Said]:
    """Yield what a refusal says: to the tenant (0) or to staff (1)."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplit.config.settings")
    os.environ.setdefault("LAMPLIT_HOME", tempfile.mkdtemp(prefix="lamplit-words-"))  # nothing of the real home is read or made
    from lamplit.config.refusals import WORDS  # noqa: PLC0415 - after the path is set

    for code, words in WORDS.items():
        yield Said(words[reader], "lamplit/config/refusals.py", f"refusal.{code}")


def template(domain: str = "lamplit") -> Catalog:
    """Return everything of a domain as one catalogue without translations."""
    made = Catalog(project="Lamplit", charset="utf-8")
    for said in DOMAINS[domain]():
        note = [said.note] if said.note else []
        made.add(said.words, None, [(said.where, None)], auto_comments=note, context=said.context)  # type: ignore[list-item]
    return made


def files(domain: str = "lamplit") -> list[Path]:
    return sorted(LOCALE.glob(f"*/LC_MESSAGES/{domain}.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def in_journey(message: Message) -> bool:
    """Whether somebody who reports a repair may meet this. Only what she meets there has to be said in every language."""
    if any(fnmatch(place, pattern) for place, _line in message.locations for pattern in JOURNEY):
        return True
    codes = [note.removeprefix("refusal.") for note in message.auto_comments if note.startswith("refusal.")]
    return any(code in JOURNEY_REFUSALS for code in codes)


def faults_of(path: Path, wanted: Catalog, found: Catalog) -> list[str]:
    """Return in words what is wrong with a catalogue."""
    name, wrong = path.relative_to(ROOT), list[str]()
    have = {_key(one): one for one in found if one.id}
    need = {_key(one): one for one in wanted if one.id}
    codes = {note for one in need.values() for note in one.auto_comments}
    for key in need.keys() - have.keys():
        wrong.append(f"{name}: {_first(need[key])!r} is not in it yet")
    for key in have.keys() - need.keys():
        # A translator may say the same English in another way under the code of one question or answer.
        if have[key].context not in codes or (None, key[1]) not in need:
            wrong.append(f"{name}: {_first(have[key])!r} is said nowhere any more")
    for key, message in have.items():
        place = need.get(key)
        if path.stem == "lamplit" and place is not None and in_journey(place) and not _whole(message):
            wrong.append(f"{name}: {_first(message)!r} is not translated, and it is on the way of reporting a repair")
        wrong += [f"{name}: {_first(message)!r}: {fault}" for fault in broken(message)]
    return wrong


def _key(message: Message) -> tuple[str | None, Any]:
    return message.context, message.id


def _first(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [])


def _whole(message: Message) -> bool:
    return "fuzzy" not in message.flags and bool(_forms(message)) and all(_forms(message))


def broken(message: Message) -> Iterator[str]:
    """Yield what a translation lost: what is filled in, a tag, a telephone number. Where it is empty, it says English."""
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    if any(BLOCKS.search(one) for one in ids):
        yield "a sentence to translate holds no blocks of the page"
    for said in filter(None, _forms(message)):
        for what, pattern in (("what is filled in", FILLED_IN), ("its tags", TAGS), ("its numbers", NUMBERS)):
            given = [Counter(found.strip() for found in pattern.findall(one)) for one in ids]
            if Counter(found.strip() for found in pattern.findall(said)) not in given:
                yield f"{said!r} does not keep {what}"


def update() -> None:
    """Bring every catalogue up to date. Words that changed begin empty: nobody reads what they said before."""
    for domain in DOMAINS:
        wanted = template(domain)
        for path in files(domain):
            _bring_up_to_date(path, wanted)


def _bring_up_to_date(path: Path, wanted: Catalog) -> None:
    found = read(path)
    own = [one for one in found if one.context and _key(one) not in {_key(other) for other in wanted}]
    found.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
    for one in own:
        if found.get(one.id, None) is not None:
            found[one.id] = one
    written = io.BytesIO()
    write_po(written, found, width=130, ignore_obsolete=True, include_lineno=False, sort_by_file=True)
    path.write_bytes(written.getvalue())


def compile_all() -> None:
    for path in [path for domain in DOMAINS for path in files(domain)]:
        made = io.BytesIO()
        write_mo(made, _said(read(path)))
        target = path.with_suffix(".mo")
        if not target.exists() or target.read_bytes() != made.getvalue():
            fresh = target.with_suffix(".new")
            fresh.write_bytes(made.getvalue())
            fresh.replace(target)  # a page that is being made reads the old one or the new one


def _said(catalogue: Catalog) -> Catalog:
    """Return it without numbers that nobody has translated: babel would write our own forms for them, as if they were its own."""
    for one in [one for one in catalogue if one.pluralizable and not all(one.string)]:
        catalogue.delete(one.id, one.context)
    return catalogue


def main() -> int:
    if "compile" in sys.argv:
        compile_all()
        return 0
    if "--check" not in sys.argv:
        update()
        compile_all()
        return 0
    wanted = {domain: template(domain) for domain in DOMAINS}
    wrong = [fault for domain in DOMAINS for path in files(domain) for fault in faults_of(path, wanted[domain], read(path))]
    for fault in wrong:
        print(fault)
    if wrong:
        print("Run `make words`, then translate what is empty.")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
