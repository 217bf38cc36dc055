-- Finding words that were begun, or spelt nearly so. Keys are hashes: what an index keeps beyond an erasure is no name.
-- A database that holds rebuilt tables alone has these two of the record's schema, and nothing else of it.
CREATE SCHEMA IF NOT EXISTS record;

-- The keys of one word: the word, the word without one of its letters, and each of its beginnings.
CREATE OR REPLACE FUNCTION record.keys_of_words(words text) RETURNS int[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT hashtext(key))
    FROM string_to_table(words, ' ') word, LATERAL (
        SELECT word
        UNION ALL SELECT left(word, n - 1) || substr(word, n + 1) FROM generate_series(1, length(word)) n
        WHERE length(word) BETWEEN 4 AND 24
        UNION ALL SELECT '^' || left(word, n) FROM generate_series(2, least(length(word), 12)) n
    ) keys (key)
    WHERE word <> ''
$$;

-- The keys under which a typed word may be found: two words that share one differ in a letter or two, or one begins the other.
CREATE OR REPLACE FUNCTION record.keys_to_find(word text) RETURNS int[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT hashtext(key)) FROM (
        SELECT word
        UNION ALL SELECT left(word, n - 1) || substr(word, n + 1) FROM generate_series(1, length(word)) n
        WHERE length(word) BETWEEN 4 AND 24
        UNION ALL SELECT '^' || left(word, 12)
    ) keys (key)
$$;
