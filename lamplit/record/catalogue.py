"""What a schema is made of: tables, columns, constraints, indexes, triggers, functions, policies, owners and grants.

An intruder who disables a trigger or grants himself a right changes no row; this is where it shows.
"""

import hashlib
import re
from typing import Any

import psycopg

_QUERIES = {
    "table": """
        SELECT c.relname, c.relkind::text || ' owner=' || r.rolname || ' rls=' || c.relrowsecurity || '/' || c.relforcerowsecurity
               || ' grants=' || coalesce((SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(c.relacl) a), '')
        FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
        WHERE c.relnamespace = %(s)s::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f', 'S')""",
    "column": """
        SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod) || ' notnull=' || a.attnotnull
               || ' identity=' || a.attidentity::text
               || ' default=' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
               || ' grants=' || coalesce((SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(a.attacl) x), '')
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = %(s)s::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraint": """
        SELECT c.relname || '.' || k.conname, pg_get_constraintdef(k.oid) || ' valid=' || k.convalidated
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE k.connamespace = %(s)s::regnamespace AND k.contype <> 'n'""",
    "index": """
        SELECT i.relname, pg_get_indexdef(x.indexrelid) || ' valid=' || x.indisvalid
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE i.relnamespace = %(s)s::regnamespace""",
    "trigger": """
        SELECT c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) || ' enabled=' || t.tgenabled::text
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = %(s)s::regnamespace AND NOT t.tgisinternal""",
    "rule": """
        SELECT c.relname || '.' || w.rulename, pg_get_ruledef(w.oid) || ' enabled=' || w.ev_enabled::text
        FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class
        WHERE c.relnamespace = %(s)s::regnamespace AND w.rulename <> '_RETURN'""",
    "policy": """
        SELECT c.relname || '.' || p.polname, p.polcmd::text || ' to=' || p.polroles::regrole[]::text
               || ' using=' || coalesce(pg_get_expr(p.polqual, p.polrelid), '')
               || ' check=' || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = %(s)s::regnamespace""",
    "function": """
        SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid) || ' owner=' || r.rolname
               || ' grants=' || coalesce((SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(p.proacl) a), '')
        FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE p.pronamespace = %(s)s::regnamespace AND p.prokind <> 'a'""",
    "schema": """
        SELECT n.nspname, 'owner=' || r.rolname
               || ' grants=' || coalesce((SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(n.nspacl) a), '')
        FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner WHERE n.oid = %(s)s::regnamespace""",
}


def read_catalogue(db: psycopg.Connection, schema: str, called: str) -> dict[str, str]:
    """Return `kind name` -> definition of everything in a schema, with the schema's own name written as `called`."""
    found: dict[str, str] = {}
    # Definitions leave out a schema that is on the path; so only ours must be off it.
    db.execute("SET LOCAL search_path = pg_catalog")
    for kind, query in _QUERIES.items():
        for name, definition in db.execute(query, {"s": schema}).fetchall():
            found[_called(f"{kind} {name}", schema, called)] = _called(definition, schema, called)
    return found


def _called(text: Any, schema: str, called: str) -> str:
    return re.sub(rf"\b{schema}\b", called, str(text))


def differences(live: dict[str, str], right: dict[str, str]) -> list[str]:
    """Return one plain sentence for each thing that is not as the release makes it."""
    said = [f"{name} is missing." for name in sorted(right.keys() - live.keys())]
    said += [f"{name} does not belong there." for name in sorted(live.keys() - right.keys())]
    said += [
        f"{name} was changed: it is `{_short(live[name])}`; it should be `{_short(right[name])}`."
        for name in sorted(live.keys() & right.keys())
        if live[name] != right[name]
    ]
    return said


def _short(definition: str) -> str:
    """Return a definition of one line; a function's body by its hash, since no sentence holds it."""
    line = " ".join(definition.split())
    return line if len(line) <= 400 else f"{line[:200]}... (SHA-256 {hashlib.sha256(definition.encode()).hexdigest()[:16]})"
