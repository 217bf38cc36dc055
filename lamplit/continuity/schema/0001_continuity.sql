-- What a standby remembers beside its own record. Only a standby has this schema. Applied by the owner.

CREATE SCHEMA continuity;
REVOKE ALL ON SCHEMA continuity FROM PUBLIC;
GRANT USAGE ON SCHEMA continuity TO lamplit_app, lamplit_sealer, lamplit_reader;

-- The largest tree of each log that this standby has cosigned. One row a log, made by a person (the owner), never removed.
-- `mirrored`: we hold every entry of it, and only the follower may move it on. Otherwise we witness it for somebody else.
CREATE TABLE continuity.cosigned (
    origin text PRIMARY KEY,
    vkey text NOT NULL,
    mirrored boolean NOT NULL,
    size bigint NOT NULL CONSTRAINT cosigned_size CHECK (size >= 0),
    root bytea NOT NULL CONSTRAINT cosigned_root CHECK (octet_length(root) = 32),
    frontier bytea,
    note bytea,
    cosigned_at timestamptz
);
CREATE UNIQUE INDEX cosigned_one_mirror ON continuity.cosigned (mirrored) WHERE mirrored;
CREATE FUNCTION continuity.refuse_shrinking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.origin <> OLD.origin OR NEW.vkey <> OLD.vkey OR NEW.mirrored <> OLD.mirrored OR NEW.size < OLD.size
       OR (NEW.size = OLD.size AND NEW.root <> OLD.root) OR NEW.note IS NULL OR NEW.cosigned_at < OLD.cosigned_at THEN
        RAISE EXCEPTION 'what was cosigned only grows' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cosigned_only_grows BEFORE UPDATE ON continuity.cosigned
    FOR EACH ROW EXECUTE FUNCTION continuity.refuse_shrinking();
CREATE FUNCTION continuity.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'this is never changed (% on %)', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER cosigned_stays BEFORE DELETE ON continuity.cosigned
    FOR EACH ROW EXECUTE FUNCTION continuity.refuse_change();
CREATE TRIGGER cosigned_is_never_emptied BEFORE TRUNCATE ON continuity.cosigned
    FOR EACH STATEMENT EXECUTE FUNCTION continuity.refuse_change();
ALTER TABLE continuity.cosigned ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody_reads ON continuity.cosigned FOR SELECT USING (true);
CREATE POLICY follower_moves ON continuity.cosigned FOR UPDATE TO lamplit_sealer USING (mirrored);
CREATE POLICY web_witnesses ON continuity.cosigned FOR UPDATE TO lamplit_app USING (NOT mirrored);
GRANT SELECT ON continuity.cosigned TO lamplit_app, lamplit_sealer, lamplit_reader;
GRANT UPDATE (size, root, frontier, note, cosigned_at) ON continuity.cosigned TO lamplit_sealer;
GRANT UPDATE (size, root, note, cosigned_at) ON continuity.cosigned TO lamplit_app;

-- How far the tables are folded. Moved in the transaction that folds.
CREATE TABLE continuity.folded (
    one boolean PRIMARY KEY DEFAULT true CONSTRAINT folded_is_one CHECK (one),
    size bigint NOT NULL CONSTRAINT folded_size CHECK (size >= 0)
);
INSERT INTO continuity.folded (size) VALUES (0);
GRANT SELECT ON continuity.folded TO lamplit_app, lamplit_sealer, lamplit_reader;

-- When main last showed that it lives (by its own signed time, or because it grew), by our clock.
CREATE TABLE continuity.life (
    one boolean PRIMARY KEY DEFAULT true CONSTRAINT life_is_one CHECK (one),
    seen_at timestamptz
);
INSERT INTO continuity.life (seen_at) VALUES (NULL);
GRANT SELECT ON continuity.life TO lamplit_app, lamplit_sealer, lamplit_reader;
GRANT UPDATE (seen_at) ON continuity.life TO lamplit_sealer;

-- What went wrong, with what proves it. Told once each day; never changed.
CREATE TABLE continuity.alarm (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    what text NOT NULL,
    words text NOT NULL,
    evidence bytea NOT NULL,
    at timestamptz NOT NULL
);
CREATE TRIGGER alarm_is_forever BEFORE UPDATE OR DELETE ON continuity.alarm
    FOR EACH ROW EXECUTE FUNCTION continuity.refuse_change();
CREATE TRIGGER alarm_is_never_emptied BEFORE TRUNCATE ON continuity.alarm
    FOR EACH STATEMENT EXECUTE FUNCTION continuity.refuse_change();
GRANT SELECT, INSERT (what, words, evidence, at) ON continuity.alarm TO lamplit_sealer;
GRANT SELECT ON continuity.alarm TO lamplit_app, lamplit_reader;

-- When we first saw each sealed key file: main lets them go after their time, and so do we, never before.
CREATE TABLE continuity.key_file (
    path text PRIMARY KEY,
    seen_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, DELETE ON continuity.key_file TO lamplit_sealer;
GRANT SELECT ON continuity.key_file TO lamplit_reader;
