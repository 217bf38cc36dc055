-- The record's own schema. Roles hold here what code only promises. Applied by the owner; :roles exist already.

CREATE SCHEMA IF NOT EXISTS record;
REVOKE ALL ON SCHEMA record FROM PUBLIC;
GRANT USAGE ON SCHEMA record TO lamplit_app, lamplit_sealer, lamplit_reader;

-- What was written and is not yet sealed. The app may add bytes and learn its own id; it may not choose the id.
CREATE TABLE record.intake (
    id bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    bytes bytea NOT NULL CONSTRAINT intake_size CHECK (octet_length(bytes) BETWEEN 2 AND 48000)
);
GRANT INSERT (bytes), SELECT (id) ON record.intake TO lamplit_app;
GRANT SELECT, DELETE ON record.intake TO lamplit_sealer;
GRANT SELECT ON record.intake TO lamplit_reader;

-- The log. Only the sealer adds; nobody changes.
CREATE TABLE record.entry (
    idx bigint PRIMARY KEY CONSTRAINT entry_idx CHECK (idx >= 0),
    intake_id bigint NOT NULL UNIQUE,
    bytes bytea NOT NULL CONSTRAINT entry_size CHECK (octet_length(bytes) BETWEEN 2 AND 48000),
    leaf bytea NOT NULL CONSTRAINT entry_leaf CHECK (octet_length(leaf) = 32)
);
GRANT SELECT (idx, intake_id) ON record.entry TO lamplit_app;
GRANT SELECT, INSERT ON record.entry TO lamplit_sealer;
GRANT SELECT ON record.entry TO lamplit_reader;

CREATE FUNCTION record.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record is never changed (% on %)', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER entry_is_forever BEFORE UPDATE OR DELETE ON record.entry
    FOR EACH ROW EXECUTE FUNCTION record.refuse_change();
CREATE TRIGGER entry_is_never_emptied BEFORE TRUNCATE ON record.entry
    FOR EACH STATEMENT EXECUTE FUNCTION record.refuse_change();

-- The head of the log: one row, locked by the one sealer. `frontier` holds the roots of the full subtrees.
CREATE TABLE record.checkpoint (
    one boolean PRIMARY KEY DEFAULT true CONSTRAINT checkpoint_is_one CHECK (one),
    origin text NOT NULL,
    vkey text NOT NULL,
    size bigint NOT NULL CONSTRAINT checkpoint_size CHECK (size >= 0),
    root bytea NOT NULL CONSTRAINT checkpoint_root CHECK (octet_length(root) = 32),
    frontier bytea NOT NULL,
    note bytea NOT NULL,
    sealed_at timestamptz NOT NULL
);
CREATE FUNCTION record.refuse_shrinking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size < OLD.size OR NEW.origin <> OLD.origin OR NEW.sealed_at < OLD.sealed_at
       OR (NEW.size = OLD.size AND NEW.root <> OLD.root) THEN
        RAISE EXCEPTION 'the log only grows' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER checkpoint_only_grows BEFORE UPDATE ON record.checkpoint
    FOR EACH ROW EXECUTE FUNCTION record.refuse_shrinking();
CREATE TRIGGER checkpoint_stays BEFORE DELETE ON record.checkpoint
    FOR EACH ROW EXECUTE FUNCTION record.refuse_change();
CREATE TRIGGER checkpoint_is_never_emptied BEFORE TRUNCATE ON record.checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION record.refuse_change();
GRANT SELECT ON record.checkpoint TO lamplit_app, lamplit_reader;
GRANT SELECT, UPDATE ON record.checkpoint TO lamplit_sealer;

-- One row a command: a double click, a retry and a form keyed twice get the first answer.
CREATE TABLE record.command (
    id text PRIMARY KEY CONSTRAINT command_id CHECK (char_length(id) BETWEEN 3 AND 200),
    digest bytea NOT NULL CONSTRAINT command_digest CHECK (octet_length(digest) = 32),
    answer bytea,
    intake_to bigint,
    recorded_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE (answer, intake_to) ON record.command TO lamplit_app;
GRANT SELECT ON record.command TO lamplit_reader, lamplit_sealer;

-- Keys of subjects. `batch`: the size of the log when the key was first taken for publishing. Nobody but
-- record.destroy_key() empties a key, and only when an order for it is due.
CREATE TABLE record.key (
    id text PRIMARY KEY,
    subject text NOT NULL,
    class text NOT NULL CONSTRAINT key_class CHECK (class IN ('contact', 'care', 'case', 'money')),
    key bytea CONSTRAINT key_size CHECK (octet_length(key) = 32),
    batch bigint,
    destroyed_at timestamptz,
    CONSTRAINT key_is_there_or_destroyed CHECK ((key IS NULL) = (destroyed_at IS NOT NULL))
);
CREATE UNIQUE INDEX key_live ON record.key (subject, class) WHERE destroyed_at IS NULL;
CREATE INDEX key_unpublished ON record.key (id) WHERE batch IS NULL;
ALTER TABLE record.key ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_reads ON record.key FOR SELECT TO lamplit_app USING (class <> 'money');
CREATE POLICY app_adds ON record.key FOR INSERT TO lamplit_app WITH CHECK (batch IS NULL AND destroyed_at IS NULL);
CREATE POLICY sealer_all ON record.key TO lamplit_sealer USING (true) WITH CHECK (true);
GRANT SELECT, INSERT (id, subject, class, key) ON record.key TO lamplit_app;
GRANT SELECT, UPDATE (batch) ON record.key TO lamplit_sealer;

CREATE TABLE record.erasure (
    id text PRIMARY KEY,
    subject text NOT NULL,
    class text NOT NULL CONSTRAINT erasure_class CHECK (class IN ('contact', 'care', 'case', 'money')),
    ordered_at timestamptz NOT NULL DEFAULT transaction_timestamp(),
    due_at timestamptz NOT NULL,
    called_off_at timestamptz,
    done_at timestamptz,
    CONSTRAINT erasure_waits CHECK (due_at >= ordered_at + interval '7 days')
);
GRANT SELECT, INSERT (id, subject, class, due_at), UPDATE (called_off_at) ON record.erasure TO lamplit_app;
GRANT SELECT ON record.erasure TO lamplit_sealer, lamplit_reader;

CREATE FUNCTION record.destroy_key(order_id text) RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = record, pg_temp AS $$
DECLARE wanted record.erasure;
BEGIN
    SELECT * INTO wanted FROM record.erasure WHERE id = order_id FOR UPDATE;
    IF wanted IS NULL OR wanted.called_off_at IS NOT NULL OR wanted.due_at > now() THEN
        RAISE EXCEPTION 'no erasure is due under %', order_id USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE record.erasure SET done_at = coalesce(done_at, now()) WHERE id = order_id;
    RETURN QUERY UPDATE record.key SET key = NULL, destroyed_at = now()
        WHERE subject = wanted.subject AND class = wanted.class AND destroyed_at IS NULL RETURNING record.key.id;
END $$;
REVOKE ALL ON FUNCTION record.destroy_key(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record.destroy_key(text) TO lamplit_app;

-- Ciphertext on its way to the stores.
CREATE TABLE record.blob (
    hash text PRIMARY KEY CONSTRAINT blob_name CHECK (hash = encode(sha256(bytes), 'hex')),
    bytes bytea NOT NULL,
    batch bigint
);
CREATE INDEX blob_unpublished ON record.blob (hash) WHERE batch IS NULL;
GRANT SELECT, INSERT (hash, bytes) ON record.blob TO lamplit_app;
GRANT SELECT, UPDATE (batch) ON record.blob TO lamplit_sealer;
GRANT SELECT ON record.blob TO lamplit_reader;

-- What each store holds, as the publisher last saw it.
CREATE TABLE record.published (
    store text PRIMARY KEY,
    size bigint NOT NULL,
    published_at timestamptz NOT NULL
);
GRANT SELECT ON record.published TO lamplit_app, lamplit_reader;
GRANT SELECT, INSERT, UPDATE ON record.published TO lamplit_sealer;

-- One row a running loop: when it was last alive, and what is wrong in plain words (empty when nothing is).
CREATE TABLE record.loop (
    name text PRIMARY KEY,
    alive_at timestamptz NOT NULL,
    trouble text NOT NULL DEFAULT '',
    since_at timestamptz
);
GRANT SELECT, INSERT, UPDATE ON record.loop TO lamplit_app, lamplit_sealer;
GRANT SELECT ON record.loop TO lamplit_reader;

-- Where the worker stands in the sealed record.
CREATE TABLE record.reader (
    name text PRIMARY KEY,
    next_idx bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON record.reader TO lamplit_sealer, lamplit_app;
