-- How much happened on main in each hour of its own clock, as the standby's watch counted it, and how far it has counted.
CREATE TABLE continuity.pace (
    hour timestamptz PRIMARY KEY,
    entries bigint NOT NULL,
    reads bigint NOT NULL,
    erasures bigint NOT NULL
);
CREATE TABLE continuity.counted (
    one boolean PRIMARY KEY DEFAULT true CONSTRAINT counted_is_one CHECK (one),
    size bigint NOT NULL CONSTRAINT counted_size CHECK (size >= 0)
);
INSERT INTO continuity.counted (size) VALUES (0);
GRANT SELECT, INSERT, UPDATE, DELETE ON continuity.pace TO lamplit_sealer;
GRANT SELECT, UPDATE ON continuity.counted TO lamplit_sealer;
GRANT SELECT ON continuity.pace, continuity.counted TO lamplit_app, lamplit_reader;
