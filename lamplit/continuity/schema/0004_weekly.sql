-- When the standby's weekly message went, and to how many: partners know its sending domain before the day on which they need to.
CREATE TABLE continuity.weekly (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sent_at timestamptz NOT NULL,
    addresses integer NOT NULL
);
CREATE TRIGGER weekly_is_forever BEFORE UPDATE OR DELETE ON continuity.weekly
    FOR EACH ROW EXECUTE FUNCTION continuity.refuse_change();
CREATE TRIGGER weekly_is_never_emptied BEFORE TRUNCATE ON continuity.weekly
    FOR EACH STATEMENT EXECUTE FUNCTION continuity.refuse_change();
GRANT SELECT, INSERT (sent_at, addresses) ON continuity.weekly TO lamplit_sealer;
GRANT SELECT ON continuity.weekly TO lamplit_app, lamplit_reader;
