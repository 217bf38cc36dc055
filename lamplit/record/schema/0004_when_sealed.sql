-- A page that proves an entry says when it was sealed. The time tells no more than the entry's own header does.
GRANT SELECT (sealed_at) ON record.entry TO lamplit_app;
