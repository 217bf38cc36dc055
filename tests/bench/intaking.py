"""Send locked reports to a standby at an even pace, each as somebody who opened the page before; and count what it kept."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lamplit.cli import start
from tests.bench.rushing import Browser

SAID = [
    ("what", "The sink leaks into a bucket, since this morning"), ("urgent", "not"), ("lives", "a baby"),
    ("address", "12 Wick Lane, Tallowby, TB1 2QX"), ("name", "Robin Marsh"), ("phone", "07700 900123"), ("email", ""),
]  # fmt: skip


def main(port: str, per_second: str, seconds: str) -> dict[str, Any]:
    """Return how they went, and what the standby's record holds of them."""
    count, apart = int(per_second) * int(seconds), 1 / int(per_second)
    with ThreadPoolExecutor(8) as pool:
        browsers = list(pool.map(lambda n: _opened(int(port), n), range(count)))
    waits, told, lock = list[float](), list[str](), threading.Lock()
    begun = time.perf_counter()

    def send(n: int) -> None:
        moment = begun + n * apart
        time.sleep(max(0.0, moment - time.perf_counter()))
        browser, hidden = browsers[n]
        try:
            browser.ask("/report", [*hidden, *SAID], follow=False)
            good = browser.status in (302, 303) and browser.leads == "/report/received"
        except OSError:
            good = False
        browser.hang_up()  # a proxy stands before the web and holds the phones' idle connections: 3,000 of them would fill it
        with lock:
            waits.append(time.perf_counter() - moment)
            if good:
                told.append(str(n))

    with ThreadPoolExecutor(64) as pool:
        list(pool.map(send, range(count)))
    seconds_taken = time.perf_counter() - begun
    return {"sent": len(told), "count": count, "seconds": seconds_taken, "waits": sorted(waits), **_kept()}


def _opened(port: int, n: int) -> tuple[Browser, list[tuple[str, str]]]:
    """Open the page as a browser of its own, from an address of its own. Returns it with what the form hides."""
    browser = Browser(port, None)
    browser.address = f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"
    browser.ask("/report")
    hidden = [(name, value) for name, value in browser.form() if name in ("csrfmiddlewaretoken", "nonce")]
    browser.hang_up()
    return browser, hidden


def _kept() -> dict[str, Any]:
    """Wait until all is sealed and in the standby's store. Returns how many posts there are, and their numbers but once."""
    begun = time.perf_counter()
    with start.connect("owner") as db:
        db.autocommit = True
        while True:
            waiting, size, published = db.execute(
                "SELECT (SELECT count(*) FROM record.intake), (SELECT size FROM record.checkpoint),"
                " (SELECT size FROM record.published WHERE store = 'near')"
            ).fetchone() or (1, 1, 0)
            if waiting == 0 and size == published:
                break
            time.sleep(0.05)
        kept, different = db.execute("SELECT count(*), count(DISTINCT reference) FROM folded.post").fetchone() or (0, 0)
    return {"kept": kept, "different": different, "behind": time.perf_counter() - begun}
