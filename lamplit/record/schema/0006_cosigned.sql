-- What each standby has cosigned last, as main has read and checked it: who promises waits for it, and receipts carry it.
CREATE TABLE record.cosigned (
    cosigner text PRIMARY KEY,
    size bigint NOT NULL CONSTRAINT cosigned_size CHECK (size >= 0),
    note bytea NOT NULL,
    cosigned_at timestamptz NOT NULL
);
GRANT SELECT ON record.cosigned TO lamplit_app, lamplit_reader;
GRANT SELECT, INSERT, UPDATE ON record.cosigned TO lamplit_sealer;
