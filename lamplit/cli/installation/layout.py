"""Where everything of an installation stands, and what its files say. Pure: answers in, texts out."""

from typing import NamedTuple

from lamplit.cli.installation.answers import Answers
from lamplit.cli.installation.machine import shipped

HOME = "/var/lib/lamplit"
KEYS = f"{HOME}/keys"
TAKEN = f"{KEYS}/taken-away"  # says where the keys went that left this machine
STORE = f"{HOME}/store"
NIGHTLY = f"{HOME}/nightly"
CLOSED = f"{HOME}/closed"  # while it is there, the front server says "back in a minute"
SHARE = "/usr/local/share/lamplit"
ENVIRONMENT = "/etc/lamplit/lamplit.env"
DATABASE = "lamplit"
PG_CLUSTER = "lamplit"
PG_OLDEST = 15
STORE_GROUP = "lamplit-store"
HEIR_GROUP = "lamplit-heir"  # of a standby: those who open what people told us, once it has taken over
MIRROR, DECLARERS, MEMORY = f"{HOME}/mirror", f"{HOME}/declarers", "/run/lamplit"
TMPFILES = "/etc/tmpfiles.d/lamplit.conf"
CHOSEN = "post"  # starts with them, and ends by itself where the landlord takes no e-mail in
FAR_SECRETS = """\
# What opens the locked store, read by the publisher alone. docs/install.md says which rights its user gets, and no more.
# A bucket with object lock wants a checksum with each file:
AWS_CHECKSUM_ALGORITHM=SHA256
# An example for S3; take the marks away:
# AWS_ACCESS_KEY_ID=
# AWS_SECRET_ACCESS_KEY=
# AWS_REGION=
"""


class Folder(NamedTuple):
    """A folder with who owns it and its rights."""

    path: str
    mode: int
    user: str
    group: str


class Server(NamedTuple):
    """The PostgreSQL of this machine."""

    version: str
    port: str


_FOLDERS = (
    Folder("/etc/lamplit", 0o755, "root", "root"),
    Folder(SHARE, 0o755, "root", "root"),
    Folder("/var/www/lamplit", 0o755, "root", "root"),
    Folder(HOME, 0o755, "root", "root"),
    Folder(KEYS, 0o700, "root", "root"),
    Folder(NIGHTLY, 0o700, "root", "root"),
    Folder(f"{HOME}/packs", 0o700, "root", "root"),
    Folder(STORE, 0o2750, "lamplit-publish", STORE_GROUP),
    Folder(f"{HOME}/codes", 0o700, "lamplit-web", "lamplit-web"),
)


class Shape(NamedTuple):
    """What runs on a machine, and the folders and groups that this needs: of a main installation, or of a standby."""

    services: tuple[str, ...]  # in the order in which they start
    loops: tuple[str, ...]  # that show that they work
    folders: tuple[Folder, ...]
    groups: tuple[str, ...]

    @property
    def programs(self) -> tuple[str, ...]:
        """Each has a user of its own."""
        return (*self.services, CHOSEN)

    @property
    def units(self) -> tuple[str, ...]:
        return ("lamplit.target", *(f"lamplit-{name}.service" for name in self.programs), *NIGHT)


NIGHT = ("lamplit-nightly.service", "lamplit-nightly.timer")
MAIN = Shape(
    ("seal", "publish", "web", "work"),
    ("seal", "publish near", "worker"),
    (
        *_FOLDERS,
        Folder(f"{HOME}/messages", 0o700, "lamplit-work", "lamplit-work"),
        Folder(f"{HOME}/status", 0o755, "lamplit-work", "lamplit-work"),
    ),
    (STORE_GROUP,),
)
STANDBY = Shape(
    ("seal", "publish", "follow", "web", "work"),
    ("seal", "publish near", "follow", "fold", "watch"),
    (
        *_FOLDERS,
        Folder(MIRROR, 0o2750, "lamplit-follow", STORE_GROUP),
        Folder(DECLARERS, 0o2750, "root", "lamplit-web"),
        Folder(f"{HOME}/messages", 0o2770, "lamplit-work", HEIR_GROUP),
        Folder(f"{HOME}/status", 0o2775, "lamplit-follow", HEIR_GROUP),
        Folder(MEMORY, 0o2770, "lamplit-web", HEIR_GROUP),  # on a memory disk
    ),
    (STORE_GROUP, HEIR_GROUP),
)


def shape(*, standby: bool) -> Shape:
    return STANDBY if standby else MAIN


def environment(answers: Answers, server: Server) -> str:
    """Return the settings that every service and the command line read: systemd's EnvironmentFile, and a shell's as well."""
    stores = " ".join(part for part in (STORE, answers.far_store) if part)
    values = {
        "LAMPLIT_INSTALLED": "1",
        "LAMPLIT_HOME": HOME,
        "LAMPLIT_DATABASE_URL": f"postgresql:///{DATABASE}?host=/var/run/postgresql&port={server.port}&user=postgres",
        "LAMPLIT_PEER": "1",
        "LAMPLIT_STORES": stores,
        "LAMPLIT_HOSTS": answers.host,
        "LAMPLIT_TRUSTED_ORIGINS": f"https://{answers.host}",
        "LAMPLIT_HTTPS": "1",
        "LAMPLIT_PROXIES": "1",
        "LAMPLIT_PORT": str(answers.port),
        "LAMPLIT_LANDLORD": answers.landlord,
        "LAMPLIT_PHONE": answers.phone,
        "LAMPLIT_HELP_ADDRESS": answers.help_address or answers.host,
        "LAMPLIT_CERTIFICATE": certificate(answers)[0],
    }
    if answers.standby is None:
        values["LAMPLIT_ORIGIN"] = answers.log_name  # a standby's own record ends with each time that it took over
    else:
        values |= {"LAMPLIT_MEMORY": MEMORY, "LAMPLIT_DECLARERS": DECLARERS}
    if answers.standbys:
        values["LAMPLIT_STANDBYS"] = " ".join(answers.standbys)
    head = "# Written by `lamplit install` from answers.toml, and again by each upgrade. No secret stands here.\n"
    return head + "".join(f'{name}="{value}"\n' for name, value in values.items())


def certificate(answers: Answers) -> tuple[str, str]:
    """Return the files of the certificate and of its key."""
    if answers.certificate == "files":
        return answers.certificate_file, answers.certificate_key
    live = f"/etc/letsencrypt/live/{answers.host}"
    return f"{live}/fullchain.pem", f"{live}/privkey.pem"


def units(answers: Answers, server: Server) -> dict[str, str]:
    """Return the systemd units by their paths."""
    standby = answers.standby is not None
    ours = shape(standby=standby)
    words: dict[str, str | int] = {
        "PG_VERSION": server.version, "PG_CLUSTER": PG_CLUSTER, "STORES": _folders_of_stores(answers),
        "PORT": answers.port, "WORKERS": answers.workers, "STANDBY": "standby " if standby else "",
        "POST": "standby mail" if standby else "post", "GROUPS": " ".join(ours.groups),
        "WANTS": " ".join([*(f"lamplit-{name}.service" for name in ours.programs), NIGHT[1]]),
        "WRITES": f" {MEMORY} @HOME@/messages" if standby else "",
    }  # fmt: skip
    also = _STANDBY_ALSO if standby else _MAIN_ALSO
    found = {
        f"/etc/systemd/system/{name}": shipped(name, **words, ALSO=also.get(name, "# Nothing more"), KEYS=KEYS, HOME=HOME)
        for name in ours.units
    }
    if standby:
        found[TMPFILES] = f"# Written by `lamplit install`: where keys stand that are nowhere else.\n{_memory_line()}\n"
    return found


_PLANTED = "LoadCredential=planted:@KEYS@/planted"
_MAIN_ALSO = {"lamplit-web.service": _PLANTED, "lamplit-work.service": _PLANTED}
_POST_TO = "LoadCredential=recipients-post:@KEYS@/recipients-post"
_STANDBY_ALSO = {
    "lamplit-web.service": f"LoadCredential=cosigner:@KEYS@/cosigner\n{_POST_TO}",
    "lamplit-post.service": f"{_POST_TO}\nSupplementaryGroups={STORE_GROUP} {HEIR_GROUP}\nReadWritePaths=@HOME@/messages",
}


def _memory_line() -> str:
    """Return the line by which systemd makes the folder of a memory disk whenever the machine starts."""
    folder = STANDBY.folders[-1]
    return f"d {folder.path} {folder.mode:o} {folder.user} {folder.group} -"


def _folders_of_stores(answers: Answers) -> str:
    """Return the folders that the publisher writes to; the locked store may be one that is mounted here."""
    return f"{STORE} {answers.far_store}" if answers.far_store.startswith("/") else STORE


def front(answers: Answers, *, with_certificate: bool) -> str:
    """Return the front server's site."""
    if not with_certificate:
        return shipped("nginx-first.conf", HOST=answers.host)
    file, key = certificate(answers)
    return shipped(
        "nginx.conf", HOST=answers.host, CERTIFICATE=file, CERTIFICATE_KEY=key, PORT=answers.port, SHARE=SHARE, CLOSED=CLOSED
    )


_FOLLOWER = [f"lamplit   lamplit-follow    lamplit_{role}\n" for role in ("owner", "sealer", "app")]  # it makes tables anew


def back_page(answers: Answers) -> str:
    digits = "".join(sign for sign in answers.phone if sign.isdigit() or sign == "+")
    return shipped("back.html", LANDLORD=answers.landlord, PHONE=answers.phone, DIGITS=digits)


def database_files(server: Server, memory: int, *, standby: bool = False) -> dict[str, str]:
    """Return the files of our own PostgreSQL cluster. `memory`: bytes of this machine, of which it gets an eighth to share."""
    folder = f"/etc/postgresql/{server.version}/{PG_CLUSTER}"
    shared = max(128, min(4096, memory // 8 >> 20))
    conf = shipped("postgresql.conf", SHARED_BUFFERS=f"{shared}MB", CACHE=f"{max(256, memory // 2 >> 20)}MB")
    return {
        f"{folder}/conf.d/lamplit.conf": conf,
        f"{folder}/pg_hba.conf": shipped("pg_hba.conf", DATABASE=DATABASE),
        f"{folder}/pg_ident.conf": shipped("pg_ident.conf", FOLLOW="".join(_FOLLOWER) if standby else ""),
    }
