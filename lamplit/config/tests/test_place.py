"""Where this Lamplit lives: what its address says reaches Django whole."""

from lamplit.config import place


def test_every_part_of_the_databases_address_reaches_django() -> None:
    parts = {
        "host": "db1,db2", "port": "5432,5433", "user": "lamplit_app", "password": "x", "dbname": "lamplit",
        "target_session_attrs": "read-write", "sslmode": "verify-full", "options": "-c search_path=theirs",
    }  # fmt: skip
    said = place.for_django(parts, "-c search_path=folded")
    assert (said["HOST"], said["PORT"], said["NAME"], said["USER"]) == ("db1,db2", "5432,5433", "lamplit", "lamplit_app")
    assert said["OPTIONS"] == {
        "target_session_attrs": "read-write", "sslmode": "verify-full", "options": "-c search_path=folded",
    }  # fmt: skip
    assert place.for_django({"dbname": "lamplit"}, "")["PASSWORD"] == ""
