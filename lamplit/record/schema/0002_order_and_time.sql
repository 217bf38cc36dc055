-- When an entry was sealed, by the sealer's own clock: `recorded_at` in its bytes is whatever the writer said. How old a
-- key file is goes by this, so that nobody with the app's password can have one deleted before its time.
ALTER TABLE record.entry ADD COLUMN sealed_at timestamptz NOT NULL DEFAULT transaction_timestamp();

-- An order to erase that was called off stays so: who undoes an intruder's orders must not have to watch them.
CREATE FUNCTION record.refuse_reviving() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.called_off_at IS NOT NULL AND NEW.called_off_at IS DISTINCT FROM OLD.called_off_at THEN
        RAISE EXCEPTION 'the order % was called off and stays so', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER erasure_called_off_stays_so BEFORE UPDATE ON record.erasure
    FOR EACH ROW EXECUTE FUNCTION record.refuse_reviving();
