-- Entries of another record of ours, taken over verbatim in base64, are longer than our own.
ALTER TABLE record.intake DROP CONSTRAINT intake_size;
ALTER TABLE record.intake ADD CONSTRAINT intake_size CHECK (
    octet_length(bytes) BETWEEN 2 AND 48000
    OR (octet_length(bytes) <= 65535 AND substring(bytes FROM 1 FOR 37) = convert_to('{"kind":"record.ingested","version":1', 'UTF8'))
);
ALTER TABLE record.entry DROP CONSTRAINT entry_size;
ALTER TABLE record.entry ADD CONSTRAINT entry_size CHECK (
    octet_length(bytes) BETWEEN 2 AND 48000
    OR (octet_length(bytes) <= 65535 AND substring(bytes FROM 1 FOR 37) = convert_to('{"kind":"record.ingested","version":1', 'UTF8'))
);

-- How far another record of ours has been taken over: moved in the transaction that takes its entries over. Known by its key.
CREATE TABLE record.source (
    origin text PRIMARY KEY,
    vkey text NOT NULL,
    size bigint NOT NULL CONSTRAINT source_size CHECK (size >= 0),
    root bytea NOT NULL CONSTRAINT source_root CHECK (octet_length(root) = 32),
    frontier bytea NOT NULL,
    closed_at timestamptz
);
CREATE FUNCTION record.refuse_source_shrinking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.origin <> OLD.origin OR NEW.vkey <> OLD.vkey OR NEW.size < OLD.size OR (NEW.size = OLD.size AND NEW.root <> OLD.root)
       OR (OLD.closed_at IS NOT NULL AND NEW.size <> OLD.size) THEN
        RAISE EXCEPTION 'what was taken over only grows' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER source_only_grows BEFORE UPDATE ON record.source
    FOR EACH ROW EXECUTE FUNCTION record.refuse_source_shrinking();
CREATE TRIGGER source_stays BEFORE DELETE ON record.source
    FOR EACH ROW EXECUTE FUNCTION record.refuse_change();
GRANT SELECT ON record.source TO lamplit_app, lamplit_sealer, lamplit_reader;
