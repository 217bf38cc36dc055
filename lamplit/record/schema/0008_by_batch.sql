-- What came with which entries is asked for at each round of publishing, four times a second: not by reading all there is.
CREATE INDEX blob_batch ON record.blob (batch);
CREATE INDEX key_batch ON record.key (batch);
