"""Checks of the machine: the program, disk, clock, rights of files and folders, services, the certificate."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cryptography import x509

from lamplit.basics.working_days import london_date
from lamplit.cli.doctor.findings import Check, Finding, look, ok, wrong
from lamplit.cli.installation import layout
from lamplit.cli.installation.machine import Machine
from lamplit.cli.installation.services import CURRENT, installed, pages_answer
from lamplit.config import place

GB = 1 << 30
NOT_IN_STEP = 5  # what adjtimex answers while nothing keeps the clock right


def program(at: datetime) -> Iterator[Finding]:
    from lamplit.config import release

    if installed() and CURRENT.resolve() != Path(sys.prefix).resolve():
        yield wrong(
            "program", f"The services run {CURRENT.resolve().name}, and this is another release.", f"Use {CURRENT}/bin/lamplit."
        )
    yield ok("program", f"Lamplit {release.version()} on Python {sys.version_info.major}.{sys.version_info.minor}.")


def figures(at: datetime) -> Iterator[Finding]:
    """A figure that ended is one that somebody misses on the day on which it is needed."""
    from lamplit.config import own_figures

    for line in (ends := own_figures.ending(london_date(at))):
        words = f"{line.name} ends on {line.entry.effective_to:%d/%m/%Y}, and nothing follows it."
        yield look("figures", words, f"Enter the next in {place.figures() / line.file}: see docs/figures.md.")
    if not ends:
        yield ok("figures", "Every figure of the law and of policy holds for three months and longer.")


def disk(at: datetime) -> Iterator[Finding]:
    for folder in dict.fromkeys(_disks()):
        total, _, free = shutil.disk_usage(folder)
        words = f"{free / GB:,.1f} GB of {total / GB:,.0f} GB are free for {folder}."
        if free < GB or free < total * 0.05:
            yield wrong("disk", words, "Make room now: when it is full, nothing more can be written down.")
        elif free < 5 * GB or free < total * 0.15:
            yield look("disk", words, "Make room, or give it a larger disk. An upgrade needs room for the tables twice.")
        else:
            yield ok("disk", words)


def _disks() -> Iterator[Path]:
    """One folder of each file system that we write to."""
    seen: set[int] = set()
    data = [place.cluster().data] if place.embedded() else [Path("/var/lib/postgresql")]
    for folder in (place.home(), *data, *(Path(where) for where in place.stores() if "://" not in where)):
        if folder.exists() and folder.stat().st_dev not in seen:
            seen.add(folder.stat().st_dev)
            yield folder


def clock(at: datetime) -> Iterator[Finding]:
    """The kernel itself says whether something keeps its clock in step."""
    if not sys.platform.startswith("linux"):
        yield look("clock", "Nobody can say here whether it is kept right.", "See that it is.")
        return
    state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(256))
    if state == NOT_IN_STEP:
        yield look("clock", "Nothing keeps it right.", "Install chrony or turn on systemd-timesyncd: the law's clocks run by it.")
    elif state < 0:
        yield look("clock", "The system does not say whether it is kept right.", "See that it is.")
    else:
        yield ok("clock", "It is kept right.")


def folders(at: datetime) -> Iterator[Finding]:
    if not installed():
        mode = place.home().stat().st_mode & 0o777
        if mode & 0o022:
            yield wrong("folders", f"Others can write to {place.home()}.", f"chmod go-w {place.home()}")
        else:
            yield ok("folders", f"{place.home()} is written by its owner alone.")
        return
    ours = layout.shape(standby=place.standby() is not None).folders
    bad = [folder for folder in ours if not Machine().folder_is(*folder)]
    for folder in bad:
        yield wrong("folders", f"{folder.path} is not as it should be.", "sudo lamplit install puts owner and rights right.")
    env = Path(layout.ENVIRONMENT)
    if env.stat().st_uid != 0 or env.stat().st_mode & 0o022:
        yield wrong(
            "folders", f"Others than root can change {env}.", f"sudo chown root: {env}; sudo chmod 644 {env}; read what it says."
        )
    elif not bad:
        yield ok("folders", f"{len(ours)} folders belong to whom they should, and to nobody else.")
    yield from _strangers_in_store()


def _strangers_in_store() -> Iterator[Finding]:
    """A folder in the store that root made stops the publisher one day."""
    publisher = Path(layout.STORE).stat().st_uid
    for parent, names, _ in os.walk(layout.STORE):
        for name in names:
            if os.stat(os.path.join(parent, name)).st_uid != publisher:
                yield wrong(
                    "folders", f"{os.path.join(parent, name)} does not belong to the publisher.",
                    f"sudo chown -R lamplit-publish:{layout.STORE_GROUP} {layout.STORE}",
                )  # fmt: skip
                return


def services(at: datetime) -> Iterator[Finding]:
    if not installed():
        yield ok("services", "This is a demo or a working copy: nobody expects services.")
        return
    if not Machine().systemd_runs:
        yield look("services", "systemd does not run here.", "Look again on the running machine.")
        return
    ours = layout.shape(standby=place.standby() is not None)
    for name in (*(f"lamplit-{name}.service" for name in ours.services), "lamplit-nightly.timer", "nginx.service"):
        state = _said("systemctl", "is-active", name)
        if state == "active":
            yield ok("services", f"{name} runs.")
        else:
            yield wrong(
                "services", f"{name} is {state or 'unknown'}.", f"sudo systemctl start {name}; journalctl -u {name} says why."
            )
    if _said("systemctl", "is-enabled", "lamplit.target") != "enabled":
        yield wrong("services", "They do not start with the machine.", "sudo systemctl enable lamplit.target")


def pages(at: datetime) -> Iterator[Finding]:
    if not installed():
        yield ok("pages", "Nobody expects them here.")
    elif pages_answer():
        yield ok("pages", "They answer.")
    elif Machine().systemd_runs:
        yield wrong("pages", "They do not answer.", "journalctl -u lamplit-web says why.")
    else:
        yield look(
            "pages", "They do not answer, and no systemd runs that would start them.", "Look again on the running machine."
        )
    if installed() and Path(layout.CLOSED).exists():
        yield wrong("pages", "The sign 'Back in a minute' hangs out.", f"When no upgrade runs: sudo rm {layout.CLOSED}")


def certificate(at: datetime) -> Iterator[Finding]:
    file = os.environ.get("LAMPLIT_CERTIFICATE")
    if not file:
        yield ok("certificate", "Nobody expects one here.")
        return
    if not Path(file).exists():
        yield wrong("certificate", f"There is none in {file}.", "sudo lamplit install")
        return
    found = x509.load_pem_x509_certificate(Path(file).read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
    host = os.environ.get("LAMPLIT_HOSTS", "").split()[0]
    days = (found.not_valid_after_utc - at).days
    if host not in names and f"*.{host.partition('.')[2]}" not in names:
        yield wrong("certificate", f"It is not for {host}.", "Put the right one there, then: sudo systemctl reload nginx")
    elif days < 3:
        yield wrong("certificate", f"It runs out in {days} days." if days >= 0 else "It has run out.", "Renew it now.")
    elif days < 21:
        yield look("certificate", f"It runs out in {days} days.", "See why it was not renewed: systemctl status certbot.timer")
    else:
        yield ok("certificate", f"It is good for {days} days.")


def _said(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()


CHECKS: tuple[tuple[str, Check], ...] = (
    ("program", program),
    ("figures", figures),
    ("disk", disk),
    ("clock", clock),
    ("folders", folders),
    ("services", services),
    ("pages", pages),
    ("certificate", certificate),
)
