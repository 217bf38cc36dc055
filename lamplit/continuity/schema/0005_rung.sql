-- Which alarm the people whom this standby rings were told, when, and how many they were.
CREATE TABLE continuity.rung (
    alarm bigint PRIMARY KEY REFERENCES continuity.alarm (id),
    rung_at timestamptz NOT NULL,
    people integer NOT NULL
);
CREATE TRIGGER rung_is_forever BEFORE UPDATE OR DELETE ON continuity.rung
    FOR EACH ROW EXECUTE FUNCTION continuity.refuse_change();
CREATE TRIGGER rung_is_never_emptied BEFORE TRUNCATE ON continuity.rung
    FOR EACH STATEMENT EXECUTE FUNCTION continuity.refuse_change();
GRANT SELECT, INSERT (alarm, rung_at, people) ON continuity.rung TO lamplit_sealer;
GRANT SELECT ON continuity.rung TO lamplit_app, lamplit_reader;
