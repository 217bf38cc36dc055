-- Main is back and takes everything over: from this moment the standby's own record takes nothing more, so that nothing is left behind.
ALTER TABLE continuity.takeover ADD COLUMN closed_at timestamptz;
CREATE FUNCTION continuity.refuse_after_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM continuity.takeover WHERE closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the record of this standby is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER intake_ends_with_closing BEFORE INSERT ON record.intake
    FOR EACH STATEMENT EXECUTE FUNCTION continuity.refuse_after_closing();
