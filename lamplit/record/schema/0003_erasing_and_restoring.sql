-- An order to erase stands in record.erasure because its fact was sealed, and for no other reason. Before, whoever had the
-- app's password could write an order here that no log told of, wait seven days, and destroy keys.
REVOKE INSERT (id, subject, class, due_at), UPDATE (called_off_at) ON record.erasure FROM lamplit_app;

-- When an entry was sealed is for the database to say: not even the sealer makes an order older than it is.
REVOKE INSERT ON record.entry FROM lamplit_sealer;
GRANT INSERT (idx, intake_id, bytes, leaf) ON record.entry TO lamplit_sealer;

-- What one sealed fact means for the orders. What only looks like such a fact stands in the log and orders nothing: it must
-- never hold up the sealer, so every error is passed over. That a key is gone, record.destroy_key alone says.
CREATE FUNCTION record.follow_erasure(raw bytea, sealed timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = record, pg_temp AS $$
DECLARE
    said jsonb := convert_from(raw, 'UTF8')::jsonb;
    fact jsonb := said -> 'body';
BEGIN
    IF said ->> 'version' <> '1' THEN
        RETURN;
    ELSIF said ->> 'kind' = 'erasure.ordered' THEN
        INSERT INTO record.erasure (id, subject, class, ordered_at, due_at)
        VALUES (fact ->> 'erasure', fact ->> 'subject', fact ->> 'key_class', sealed,
                greatest((fact ->> 'due_at')::timestamptz, sealed + interval '7 days'))
        ON CONFLICT DO NOTHING;
    ELSIF said ->> 'kind' = 'erasure.called_off' THEN
        UPDATE record.erasure SET called_off_at = sealed
        WHERE id = fact ->> 'erasure' AND called_off_at IS NULL AND done_at IS NULL;
    END IF;
END $$;
REVOKE ALL ON FUNCTION record.follow_erasure(bytea, timestamptz) FROM PUBLIC;

CREATE FUNCTION record.see_erasure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = record, pg_temp AS $$
BEGIN
    PERFORM record.follow_erasure(NEW.bytes, NEW.sealed_at);
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION record.see_erasure() FROM PUBLIC;
CREATE TRIGGER entry_orders_erasure AFTER INSERT ON record.entry FOR EACH ROW
    WHEN (substring(NEW.bytes FROM 1 FOR 17) = '{"kind":"erasure.'::bytea) EXECUTE FUNCTION record.see_erasure();

-- Orders that stood before this file did: what no sealed fact tells of goes, what is sealed stays with the age of its fact.
DELETE FROM record.erasure WHERE done_at IS NULL;
DO $$
DECLARE raw bytea; sealed timestamptz;
BEGIN
    FOR raw, sealed IN SELECT bytes, sealed_at FROM record.entry
        WHERE substring(bytes FROM 1 FOR 17) = '{"kind":"erasure.'::bytea ORDER BY idx
    LOOP
        BEGIN
            PERFORM record.follow_erasure(raw, sealed);
        EXCEPTION WHEN OTHERS THEN
            CONTINUE;
        END;
    END LOOP;
END $$;

-- Keys that entries name and nobody brought when the record was restored, because no identity opened their class. The
-- files that hold them must stay until somebody does. `batch`: the size of the log when the key was first used.
CREATE TABLE record.withheld (
    id text PRIMARY KEY,
    subject text NOT NULL,
    class text NOT NULL CONSTRAINT withheld_class CHECK (class IN ('contact', 'care', 'case', 'money')),
    batch bigint NOT NULL
);
CREATE INDEX withheld_subject ON record.withheld (subject, class);
GRANT SELECT ON record.withheld TO lamplit_sealer, lamplit_reader;

-- A key that came back when its subject had a newer one already: it opens what it sealed, and seals nothing any more.
ALTER TABLE record.key ADD COLUMN former boolean NOT NULL DEFAULT false;
DROP INDEX record.key_live;
CREATE UNIQUE INDEX key_live ON record.key (subject, class) WHERE destroyed_at IS NULL AND NOT former;
CREATE INDEX key_former ON record.key (subject, class) WHERE destroyed_at IS NULL AND former;

-- A command whose entries came back from a store: what it asked for and what it was answered are gone.
ALTER TABLE record.command ALTER COLUMN digest DROP NOT NULL;

-- Destroys what the order names, once its sealed fact is old enough and no call-off is on its way to the sealer.
CREATE OR REPLACE FUNCTION record.destroy_key(order_id text) RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = record, pg_temp AS $$
DECLARE wanted record.erasure;
BEGIN
    SELECT * INTO wanted FROM record.erasure WHERE id = order_id FOR UPDATE;
    IF NOT FOUND OR wanted.called_off_at IS NOT NULL OR wanted.due_at > now() THEN
        RAISE EXCEPTION 'no erasure is due under %', order_id USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM record.intake WHERE substring(bytes FROM 1 FOR 27) = '{"kind":"erasure.called_off'::bytea) THEN
        RAISE EXCEPTION 'an order was called off and is not sealed yet' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    UPDATE record.erasure SET done_at = coalesce(done_at, now()) WHERE id = order_id;
    INSERT INTO record.key (id, subject, class, key, batch, destroyed_at)
        SELECT id, subject, class, NULL, batch, now() FROM record.withheld
        WHERE subject = wanted.subject AND class = wanted.class
        ON CONFLICT DO NOTHING;
    RETURN QUERY DELETE FROM record.withheld WHERE subject = wanted.subject AND class = wanted.class
        RETURNING record.withheld.id;
    RETURN QUERY UPDATE record.key SET key = NULL, destroyed_at = now()
        WHERE subject = wanted.subject AND class = wanted.class AND destroyed_at IS NULL AND NOT former RETURNING record.key.id;
    RETURN QUERY UPDATE record.key SET key = NULL, destroyed_at = now()
        WHERE subject = wanted.subject AND class = wanted.class AND destroyed_at IS NULL AND former RETURNING record.key.id;
END $$;
