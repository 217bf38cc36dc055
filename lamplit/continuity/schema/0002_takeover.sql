-- Keys that main destroyed: an older key file may still hold one, and it must open nothing here either.
CREATE TABLE continuity.erased (
    key_id text PRIMARY KEY
);
GRANT SELECT ON continuity.erased TO lamplit_app, lamplit_sealer, lamplit_reader;

-- Taking over: asked for by one of the people named for it, declared by a second one, or by the first alone after a while.
-- From the moment of declaring, `size` and `root` are main's last: whatever main writes later is cosigned by nobody here.
CREATE TABLE continuity.takeover (
    one boolean PRIMARY KEY DEFAULT true CONSTRAINT takeover_is_one CHECK (one),
    drill boolean NOT NULL,
    first text NOT NULL,
    why text NOT NULL,
    asked_at timestamptz NOT NULL,
    second text,
    declared_at timestamptz,
    size bigint,
    root bytea,
    confirmed_at timestamptz,
    CONSTRAINT takeover_whole CHECK ((declared_at IS NULL) = (size IS NULL) AND (size IS NULL) = (root IS NULL)),
    CONSTRAINT takeover_by_two CHECK (second IS NULL OR second <> first)
);
CREATE FUNCTION continuity.refuse_taking_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.declared_at IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR NEW.declared_at <> OLD.declared_at OR NEW.size <> OLD.size OR NEW.root <> OLD.root
       OR NEW.first <> OLD.first OR NEW.drill <> OLD.drill OR (OLD.second IS NOT NULL AND NEW.second <> OLD.second) THEN
        RAISE EXCEPTION 'what was declared is not taken back' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER takeover_stays BEFORE UPDATE OR DELETE ON continuity.takeover
    FOR EACH ROW EXECUTE FUNCTION continuity.refuse_taking_back();
GRANT SELECT ON continuity.takeover TO lamplit_app, lamplit_sealer, lamplit_reader;
GRANT INSERT, UPDATE, DELETE ON continuity.takeover TO lamplit_app;

-- A main that still lives can promise nothing: once taken over, its log is cosigned no further.
CREATE FUNCTION continuity.refuse_after_takeover() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.mirrored
       AND EXISTS (SELECT FROM continuity.takeover WHERE declared_at IS NOT NULL AND NOT drill) THEN
        RAISE EXCEPTION 'the standby has taken over: main is cosigned no further' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cosigned_ends_with_takeover BEFORE UPDATE ON continuity.cosigned
    FOR EACH ROW EXECUTE FUNCTION continuity.refuse_after_takeover();
