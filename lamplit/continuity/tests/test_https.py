"""Following a store behind an ordinary web server: nothing can be listed, so everything is asked for by its name."""

import pytest

from lamplit.continuity import state
from lamplit.continuity.state import Alarm
from lamplit.record.store import open_store
from tests import losing
from tests.web import served


def test_over_plain_https_it_asks_by_name_and_only_for_what_is_new(landlord, make_standby, tmp_path):
    """Photos, keys, generations and entries, behind a web server that cannot list; and a main that is not upgraded yet."""
    losing.story(landlord)
    asked: list[str] = []
    with served(tmp_path / "store", asked) as address:
        web = open_store(address)
        standby = make_standby(landlord.key.verifier)
        assert standby.follow(web) == len(landlord.entries())
        assert set(standby.mirror.list("blobs")) == set(landlord.store.list("blobs")) != set()
        assert set(standby.mirror.list("keys")) == set(landlord.store.list("keys"))
        for number in range(3):
            del asked[:]
            losing.new_home(20 + number)
            generation = f"keys/contact/generation-{standby.held().size}.age"
            landlord.store.create(generation, b"every key that lives")
            landlord.publish(generations=[generation])
            standby.follow(web)
            assert generation in set(standby.mirror.list("keys"))
            assert not [path for path in asked if path.startswith("blobs/")]
            assert len(asked) < 20
        late = make_standby(landlord.key.verifier, "late")  # it needs only the newest generation, and what came after
        assert late.follow(web) == standby.held().size
        assert set(late.mirror.list("keys")) < set(landlord.store.list("keys"))
        assert {generation} < set(late.mirror.list("keys"))
        watch = standby.watch(web)
        assert watch.step() is False
        landlord.store.delete(gone := next(path for path in landlord.store.list("keys") if "generation" not in path))
        standby.wait(hours=2)
        state.saw_life(standby.sealer, standby.now)
        with pytest.raises(Alarm, match="1 key files went"):
            watch.step()
        landlord.store.create(gone, standby.mirror.get(gone))
        losing.new_home(30)
        landlord.publish()
        for path in list(landlord.store.list("index")):
            landlord.store.delete(path)
        with pytest.raises(OSError, match="Upgrade main"):
            standby.follow(web)
        losing.new_home(31)
        landlord.publish()
        assert standby.follow(web) == len(landlord.entries())
        landlord.store.delete(generation)
        for path in [path for path in landlord.store.list("keys") if "generation" in path]:
            landlord.store.delete(path)  # what they were said to hold was made up
