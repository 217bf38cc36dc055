"""What a schema is made of: tables, columns, constraints, indexes, triggers, functions, policies, owners and grants.

An intruder who disables a trigger or grants himself a right changes no row; this is where it shows. What lies around our
schemas has no counterpart to compare it with: `strays` says what there must not be at all.
"""

import hashlib
import re
from typing import Any

import psycopg

_QUERIES = {
    "table": """
        SELECT c.relname, c.relkind::text || ' owner=' || r.rolname || ' kept=' || c.relpersistence::text
               || ' rls=' || c.relrowsecurity || '/' || c.relforcerowsecurity
               || ' grants=' || coalesce((SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(c.relacl) a), '')
        FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
        WHERE c.relnamespace = %(s)s::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f', 'S')""",
    "column": """
        SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod) || ' notnull=' || a.attnotnull
               || ' identity=' || a.attidentity::text || ' generated=' || a.attgenerated::text
               || ' default=' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
               || ' grants=' || coalesce((SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(a.attacl) x), '')
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = %(s)s::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped""",
    "sequence": """
        SELECT c.relname, format('start=%%s by=%%s from=%%s to=%%s cache=%%s cycle=%%s',
                                 q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle)
        FROM pg_sequence q JOIN pg_class c ON c.oid = q.seqrelid WHERE c.relnamespace = %(s)s::regnamespace""",
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

_STRAYS = (
    """SELECT format('The role %s was given a power: %s.', rolname, concat_ws(', ',
            CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolcreaterole THEN 'makes roles' END,
            CASE WHEN rolcreatedb THEN 'makes databases' END, CASE WHEN rolreplication THEN 'replication' END,
            CASE WHEN rolbypassrls THEN 'passes row security' END))
        FROM pg_roles WHERE rolname ~ '^lamplit_(owner|sealer|app|reader)$'
          AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)""",
    # On a hosted server whoever makes roles is a member of each, without being asked.
    """SELECT format('The role %s is a member of %s.', m.rolname, g.rolname)
        FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid = a.roleid
        WHERE m.rolname ~ '^lamplit_(owner|sealer|app|reader)$'
           OR g.rolname ~ '^lamplit_(owner|sealer|app|reader)$' AND NOT m.rolsuper AND NOT m.rolcreaterole""",
    """SELECT format('The setting %s is kept for %s.', said, coalesce(r.rolname, 'everyone'))
        FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) said
        WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
          AND (s.setrole = 0 OR r.rolname ~ '^lamplit_(owner|sealer|app|reader)$')
          AND split_part(said, '=', 1) IN ('search_path', 'session_replication_role', 'role', 'row_security',
                                          'local_preload_libraries', 'session_preload_libraries')""",
    """SELECT format('The role %s may set %s.', rolname, p) FROM pg_roles, unnest(ARRAY['session_replication_role']) p
        WHERE rolname ~ '^lamplit_(owner|sealer|app|reader)$' AND NOT rolsuper AND has_parameter_privilege(rolname, p, 'SET')""",
    """SELECT format('The role %s may make %s.', r.rolname, w.what) FROM pg_roles r, LATERAL (VALUES
            ('schemas', has_database_privilege(r.rolname, current_database(), 'CREATE')),
            ('things in public', has_schema_privilege(r.rolname, 'public', 'CREATE'))) w(what, may)
        WHERE r.rolname ~ '^lamplit_(owner|sealer|app|reader)$' AND r.rolname <> 'lamplit_owner' AND NOT r.rolsuper AND w.may""",
    "SELECT format('The event trigger %s does not belong there.', evtname) FROM pg_event_trigger",
    "SELECT format('The publication %s sends tables elsewhere.', pubname) FROM pg_publication",
    """SELECT format('The slot %s sends changes elsewhere.', slot_name)
        FROM pg_replication_slots WHERE slot_type = 'logical' AND database = current_database()""",
    "SELECT format('Rights of things not yet made were given away: %s.', array_to_string(defaclacl, ',')) FROM pg_default_acl",
    """SELECT format('The function %s does not belong there.', p.oid::regprocedure)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'record', 'folded')
          AND NOT EXISTS (SELECT FROM pg_depend d
                          WHERE d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e')""",
    """SELECT format('The trigger %s on %s does not belong there.', t.tgname, t.tgrelid::regclass)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT t.tgisinternal AND n.nspname NOT IN ('record', 'folded')""",
)


def strays(db: psycopg.Connection[Any]) -> list[str]:
    """Return one plain sentence for each power, membership, setting and function around our schemas that nobody of us made."""
    return sorted(row[0] for query in _STRAYS for row in db.execute(query).fetchall())  # our own queries


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
