"""Write the docs that follow from code: `docs/facts.md`, the columns of `docs/import.md`. With --check, say if they are true."""

import os
import sys
import tempfile
from pathlib import Path
from typing import get_type_hints

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "lamplit.config.settings"
_HOME = tempfile.TemporaryDirectory(prefix="lamplit-docs-")  # nothing of the real home is read or made
os.environ["LAMPLIT_HOME"] = _HOME.name


def facts_page() -> str:
    """Return every fact with its sentence, its fields, and who may read them."""
    import django  # noqa: PLC0415 - after the settings are named

    django.setup()
    from lamplit.basics.fact import REGISTRY  # noqa: PLC0415 - after Django is set up
    from lamplit.config.wiring import FOLDS  # noqa: PLC0415 - the same

    lines = [
        "# Every fact",
        "",
        "Written by `make docs` from the code. Clear fields stand open in the record, with the reason; sealed fields are",
        "readable only with the key of the subject named.",
        "",
    ]
    for (kind, version), cls in sorted(REGISTRY.items()):
        schema = cls.schema
        tables = list(dict.fromkeys(fold.model.__name__ for fold in FOLDS[cls]))
        lines += [f"## {kind}/{version}", "", " ".join((cls.__doc__ or "").split()), ""]
        lines += [f"Folds into: {', '.join(tables)}." if tables else "Folds into no table."]
        if schema.actor:
            lines += ["Who did it is sealed as well."]
        lines += ["", "| field | who may read it |", "|---|---|"]
        sealed = {name: part for part in schema.parts for name in part.fields}
        for name in get_type_hints(cls):
            if name == "schema":
                continue
            if name in sealed:
                lines.append(f"| `{name}` | sealed: `{sealed[name].key.key_class}` key of `{sealed[name].key.owner}` |")
            else:
                lines.append(f"| `{name}` | clear: {schema.clear[name]} |")
        lines.append("")
    return "\n".join(lines)


def import_page() -> str:
    """Return the page on imports: what people wrote above the mark, and below it the columns."""
    import django  # noqa: PLC0415 - after the settings are named

    django.setup()
    from lamplit.exchange.kinds import listed  # noqa: PLC0415 - after Django is set up

    above, mark, _ = (ROOT / "docs" / "import.md").read_text().partition("<!-- From here on")
    return f"{above}{mark}: written by `make docs` from lamplit/exchange/columns.py. -->\n\n{listed()}"


PAGES = {ROOT / "docs" / "facts.md": facts_page, ROOT / "docs" / "import.md": import_page}


def main() -> int:
    check, wrong = "--check" in sys.argv, []
    for path, page in PAGES.items():
        text = page()
        if check and (not path.exists() or path.read_text() != text):
            wrong.append(path.relative_to(ROOT))
        elif not check:
            path.write_text(text)
    for path in wrong:
        print(f"{path} no longer says what the code does. Run `make docs` and commit what it writes.")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
