"""What installing does, step by step. Each step says what it is for, sees whether it is done, and can be done again."""

import os
import pwd
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lamplit.cli.installation import layout
from lamplit.cli.installation.answers import KEPT, Answers, write
from lamplit.cli.installation.machine import Machine, has_group, has_user
from lamplit.cli.say import Failed

KEEP_CLOCKS = ("systemd-timesyncd", "chrony", "ntpsec", "openntpd")
CREATE_NO_OTHER = "/etc/postgresql-common/createcluster.d/lamplit.conf"


@dataclass(frozen=True)
class Step:
    """One step. `done` looks and changes nothing; `do` may be cut off at any moment and begun again."""

    words: str
    done: Callable[[], bool]
    do: Callable[[], None]


def steps(answers: Answers, machine: Machine) -> list[Step]:
    """Return the steps in their order."""
    system = System(answers, machine)
    users = f"Make {len(system.shape.programs)} users of the system, one a program, who cannot sign in"
    return [
        Step(f"Get from Debian: {', '.join(system.packages())}", system.has_packages, system.get_packages),
        Step(users, system.has_users, system.make_users),
        Step("Make the folders under /var/lib/lamplit, each open to whom it concerns", system.has_folders, system.make_folders),
        Step("Keep your answers in /etc/lamplit", system.has_answers, system.keep_answers),
        Step("Make a PostgreSQL cluster of its own, called lamplit, on no network", system.has_cluster, system.make_cluster),
        Step("Write the settings to /etc/lamplit/lamplit.env", system.has_settings, system.write_settings),
        *(_begin_standby if answers.standby is not None else _begin_main)(answers, machine),
        Step("Write the services for systemd", system.has_units, system.write_units),
        Step(f"Let nginx answer for https://{answers.host}", system.has_front, system.make_front),
        Step("Start everything, now and whenever the machine starts", system.is_started, system.start),
    ]  # fmt: skip


def _begin_main(answers: Answers, machine: Machine) -> list[Step]:
    from lamplit.cli.install import inside

    made = Step("Make the database, its four roles and an empty signed log", inside.has_log, inside.make_log)
    return [Step(*_take_keys_away(answers, machine)), made]


def _begin_standby(answers: Answers, machine: Machine) -> list[Step]:
    """A standby makes its keys with its database, and copies them away afterwards."""
    from lamplit.cli.install import inside, keys

    assert answers.standby is not None  # noqa: S101 - whoever calls has looked
    where = "this screen, for you to write down" if answers.take_away == "print" else answers.take_away
    return [
        Step(
            f"Make the database, the keys and its own log, and follow {answers.standby.main}. A declarer's code is shown once",
            inside.has_standby, lambda: inside.make_standby(answers),
        ),
        Step(
            f"Copy the keys of its log and its signature to {where}",
            lambda: keys.taken(machine), lambda: keys.copy(answers, machine),
        ),
    ]  # fmt: skip


def _take_keys_away(answers: Answers, machine: Machine) -> tuple[str, Callable[[], bool], Callable[[], None]]:
    from lamplit.cli.install import keys

    where = "this screen, for you to write down" if answers.take_away == "print" else answers.take_away
    words = f"Make the keys. The custodian's goes to {where} and never stays here; so does a copy of the log's"
    return words, lambda: keys.taken(machine), lambda: keys.take_away(answers, machine)


class System:
    """The steps that change the system: packages, users, files, services."""

    def __init__(self, answers: Answers, machine: Machine) -> None:
        self.answers, self.machine = answers, machine
        self.shape = layout.shape(standby=answers.standby is not None)
        self.changed = False  # something was written that services read when they start

    # Packages, users, folders

    def packages(self) -> list[str]:
        named = ["postgresql", "nginx-light"]
        if self.answers.certificate == "acme":
            named.append("certbot")
        if not any(self._has(name) for name in KEEP_CLOCKS):
            named.append(KEEP_CLOCKS[0])
        return named

    def _has(self, package: str) -> bool:
        return self.machine.says("dpkg-query", "-W", "-f=${db:Status-Status}", package) == "installed"

    def has_packages(self) -> bool:
        return all(self._has(name) for name in self.packages())

    def get_packages(self) -> None:
        if not self.machine.at("/etc/postgresql").exists():  # a cluster of Debian's own would only stand about
            self.machine.write(CREATE_NO_OTHER, "# Written by `lamplit install`\ncreate_main_cluster = false\n")
        self.machine.run("apt-get", "update", "-qq")
        self.machine.run("apt-get", "install", "-qq", "-y", "--no-install-recommends", *self.packages())

    def has_users(self) -> bool:
        return all(map(has_group, self.shape.groups)) and all(has_user(f"lamplit-{name}") for name in self.shape.programs)

    def make_users(self) -> None:
        for group in self.shape.groups:
            if not has_group(group):
                self.machine.run("groupadd", "--system", group)
        for name in (f"lamplit-{name}" for name in self.shape.programs):
            if not has_user(name):
                self.machine.run(
                    "useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
                    "--shell", "/usr/sbin/nologin", name,
                )  # fmt: skip

    def has_folders(self) -> bool:
        return (
            all(self.machine.folder_is(*folder) for folder in self.shape.folders)
            and self.machine.at("/etc/lamplit/far-store.env").exists()
        )

    def make_folders(self) -> None:
        for folder in self.shape.folders:
            self.machine.folder(*folder)
        if not self.machine.at("/etc/lamplit/far-store.env").exists():
            self.machine.write("/etc/lamplit/far-store.env", layout.FAR_SECRETS, 0o600)

    def has_answers(self) -> bool:
        file = self.machine.at(KEPT)
        return file.exists() and file.read_text() == self._kept()

    def keep_answers(self) -> None:
        write(self.answers, self.machine.at(KEPT))

    def _kept(self) -> str:
        import tempfile

        with tempfile.NamedTemporaryFile("r") as file:
            write(self.answers, Path(file.name))
            return file.read()

    # The database

    def server(self) -> layout.Server | None:
        """Return our cluster, if it was made."""
        if not self.machine.succeeds("pg_lsclusters", "-h"):
            return None
        for line in self.machine.run("pg_lsclusters", "-h").splitlines():
            version, name, port, *_ = line.split()
            if name == layout.PG_CLUSTER:
                return layout.Server(version, port)
        return None

    def the_server(self) -> layout.Server:
        server = self.server()
        if server is None:
            raise Failed("The database cluster is not there. Run `lamplit install` again.")
        return server

    def has_cluster(self) -> bool:
        server = self.server()
        if server is None:
            return False
        texts = layout.database_files(server, _memory(), standby=self.answers.standby is not None)
        return all(
            self.machine.at(path).exists() and self.machine.at(path).read_text() == text for path, text in texts.items()
        ) and (self.machine.succeeds("pg_isready", "-q", "-h", "/var/run/postgresql", "-p", server.port))

    def make_cluster(self) -> None:
        if self.server() is None:
            version = self._newest_postgresql()
            self.machine.run(
                "pg_createcluster", version, layout.PG_CLUSTER, "--locale=C.UTF-8", "--start-conf=auto", "--",
                "--data-checksums", "--auth=peer",
            )  # fmt: skip
        server = self.the_server()
        owner = pwd.getpwnam("postgres")
        for path, text in layout.database_files(server, _memory(), standby=self.answers.standby is not None).items():
            self.machine.write(path, text, 0o640)
            os.chown(self.machine.at(path), owner.pw_uid, owner.pw_gid)
        how = "restart" if self.machine.succeeds("pg_ctlcluster", server.version, layout.PG_CLUSTER, "status") else "start"
        self.machine.run("pg_ctlcluster", server.version, layout.PG_CLUSTER, how)

    def _newest_postgresql(self) -> str:
        there = [int(path.name) for path in self.machine.at("/usr/lib/postgresql").iterdir() if path.name.isdigit()]
        if not there or max(there) < layout.PG_OLDEST:
            raise Failed(f"Lamplit needs PostgreSQL {layout.PG_OLDEST} or newer. Debian 12 and later have it.")
        return str(max(there))

    # Settings, services, front

    def has_settings(self) -> bool:
        server = self.server()
        return server is not None and self.machine.holds(layout.ENVIRONMENT, layout.environment(self.answers, server))

    def write_settings(self) -> None:
        self.changed = True
        self.machine.write(layout.ENVIRONMENT, layout.environment(self.answers, self.the_server()))

    def _unit_files(self) -> dict[str, str]:
        return layout.units(self.answers, self.the_server())

    def has_units(self) -> bool:
        enabled = self.machine.at("/etc/systemd/system/multi-user.target.wants/lamplit.target").is_symlink()
        return (
            self.server() is not None
            and enabled
            and all(self.machine.holds(path, text) for path, text in self._unit_files().items())
        )

    def write_units(self) -> None:
        self.changed = True
        for path, text in self._unit_files().items():
            self.machine.write(path, text)
        self.machine.run("systemctl", "enable", "--quiet", "lamplit.target", "lamplit-nightly.timer")
        if self.machine.systemd_runs:
            self.machine.run("systemctl", "daemon-reload")

    def _front_files(self) -> dict[str, str]:
        there = self.machine.at(layout.certificate(self.answers)[0]).exists()
        return {
            "/etc/nginx/sites-available/lamplit": layout.front(self.answers, with_certificate=there),
            f"{layout.SHARE}/back.html": layout.back_page(self.answers),
        }

    def has_front(self) -> bool:
        there = self.machine.at(layout.certificate(self.answers)[0]).exists()
        linked = self.machine.at("/etc/nginx/sites-enabled/lamplit").is_symlink()
        return there and linked and all(self.machine.holds(path, text) for path, text in self._front_files().items())

    def make_front(self) -> None:
        if self.answers.certificate == "files" and not self.machine.at(self.answers.certificate_file).exists():
            raise Failed(f"There is no certificate in {self.answers.certificate_file}. Put it there, then run this again.")
        self._write_front()
        if not self.machine.at(layout.certificate(self.answers)[0]).exists():
            self.machine.run(
                "certbot", "certonly", "--webroot", "-w", "/var/www/lamplit", "-d", self.answers.host, "--non-interactive",
                "--agree-tos", "-m", self.answers.acme_email, "--deploy-hook", "systemctl reload nginx",
            )  # fmt: skip
            self._write_front()

    def _write_front(self) -> None:
        for path, text in self._front_files().items():
            self.machine.write(path, text)
        enabled = self.machine.at("/etc/nginx/sites-enabled/lamplit")
        if not enabled.is_symlink():
            enabled.symlink_to("/etc/nginx/sites-available/lamplit")
        self.machine.run("nginx", "-t", "-q")
        if self.machine.systemd_runs:
            self.machine.run("systemctl", "enable", "--now", "--quiet", "nginx")
            self.machine.run("systemctl", "reload", "nginx")

    def is_started(self) -> bool:
        """Whether every service runs. Where no systemd runs there is nothing that could be started."""
        names = [f"lamplit-{name}.service" for name in self.shape.services]
        return not self.machine.systemd_runs or (
            not self.changed and all(self.machine.succeeds("systemctl", "is-active", "--quiet", name) for name in names)
        )

    def start(self) -> None:
        self.machine.run("systemctl", "restart", "lamplit.target", *(f"lamplit-{name}" for name in self.shape.programs))
        self.changed = False


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
