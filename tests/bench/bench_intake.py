"""Reports at a standby that has not taken over: fifty a second for a minute, each sealed as it comes in."""

import socket
from collections.abc import Iterator

import pyrage

from lamplit.record.cluster import Cluster
from tests.bench.bench_status import until_it_answers
from tests.bench.ground import Ground, ask, at_work, lamplit, passing
from tests.bench.measured import Line, at_least, at_most

TITLE = "Reports at the standby, locked as they come in"
PER_SECOND, SECONDS = 50, 60


def sizes(ground: Ground) -> str:
    return (
        f"{PER_SECOND} reports a second for {SECONDS} s, each from a browser of its own that opened the page before; web (2"
        " processes), sealer and publisher as in production, fsync on; the browsers on the same machine"
    )


def measure(ground: Ground) -> Iterator[Line]:
    with passing(homes=100) as home:
        place, vkey = home / "standby", lamplit(home, "log", "key").strip()
        ours = str(pyrage.x25519.Identity.generate().to_public())
        lamplit(
            place, "standby", "init", "--main", str(home / "store"), "--log-key", vkey, "--declarer", "Ada Okoye",
            "--recipient", ours, "--post-recipient", ours,
        )  # fmt: skip
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        serve = ["standby", "serve", "--port", port, "--workers", "2"]
        try:
            with at_work(place, ["seal"], ["publish"], serve, LAMPLIT_PROXIES="1"):
                until_it_answers(int(port))
                done = ask(place, "intaking", port, str(PER_SECOND), str(SECONDS))
        finally:
            Cluster(place).destroy()
    waits = done["waits"]
    yield at_least("answered", done["sent"] / done["seconds"], "reports/s", 0.98 * PER_SECOND)
    for name, share in (("median", 0.5), ("95th percentile", 0.95), ("99th percentile", 0.99)):
        yield Line(f"from its moment to the answer, {name}", waits[int(len(waits) * share)] * 1000, "ms")
    yield at_most("refused or failed", done["count"] - done["sent"], "", 0)
    yield at_most("answered and not kept", max(0, done["sent"] - done["kept"]), "", 0)
    yield at_most("kept twice, or two under one number", done["kept"] - min(done["different"], done["count"]), "", 0)
    yield Line("from the last answer until all was sealed and in the standby's store", done["behind"], "s")
