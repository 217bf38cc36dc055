"""The commands of rent."""

from lamplit.cli.parsing import Subparsers, command


def renting(commands: Subparsers) -> None:
    """Declare `lamplit rent`."""
    rent = commands.add_parser("rent", help="The books of rent.").add_subparsers(metavar="WHAT", required=True)
    words = "Charge every account of the runs that two people released. Cut off, it is run again and goes on."
    command(rent, "charge", "rent:charge", words).add_argument("--processes", type=int, default=2, metavar="N")
    words = "Check balances, runs and files of money against the lines of the books that came since the last check."
    check = command(rent, "check", "rent:check", words)
    check.add_argument("--whole", action="store_true", help="read every line, as each night")
    command(
        rent, "look", "rent:look", "Note where each account stands tonight, and make some of them again from the record alone."
    )
    words = "Work a change of rents out, and let it wait for a second person at the desk."
    change = command(rent, "change", "rent_changes:change", words)
    change.add_argument("--from", dest="first", required=True, metavar="DAY", help="the first day of the new rents")
    change.add_argument("--every", choices=("weekly", "four_weekly", "monthly"), default="weekly", help="which rents")
    change.add_argument("--services", metavar="FILE", help="a CSV of new service charges (docs/rent.md)")
    change.add_argument("--dry-run", action="store_true", help="only say what it would come to")
    words = (
        "Write to the tenants of changes that two people released, and set the new rents. Cut off, it is run again and goes on."
    )
    command(rent, "notices", "rent_changes:notices", words)
    words = "Write every account of a change of rents into a CSV: old and new sums, who is left out, what became of each."
    listed = command(rent, "change-list", "rent_changes:change_list", words)
    listed.add_argument("file", metavar="FILE")
    listed.add_argument("--from", dest="first", required=True, metavar="DAY", help="the first day of the new rents")
    listed.add_argument("--every", choices=("weekly", "four_weekly", "monthly"), default="weekly", help="which rents")
    words = "Write a list of new rents for each council, of the tenants who get Housing Benefit."
    councils = command(rent, "councils", "councils:councils", words)
    councils.add_argument("folder", metavar="FOLDER", help="where the lists go: a folder that nobody else can read")
    councils.add_argument("--from", dest="first", required=True, metavar="DAY", help="the first day of the new rents")
    councils.add_argument("--councils", metavar="FILE", help="a CSV of Postcode,Council: which beginnings of postcodes are whose")
    voids = command(rent, "voids", "councils:voids", "Say which homes stood empty, for how long, and which rent was lost.")
    voids.add_argument("--from", dest="first", required=True, metavar="DAY")
    voids.add_argument("--to", dest="last", metavar="DAY", help="otherwise today")
    _statements(rent)
    bacs(commands)


def _statements(rent: Subparsers) -> None:
    """Declare `lamplit rent statements`."""
    words = "Write each tenant's statement of the last thirteen weeks, or of a quarter, as PDFs. Cut off, it goes on."
    made = command(rent, "statements", "statements:statements", words)
    made.add_argument("folder", metavar="FOLDER", help="for the print house")
    made.add_argument("--quarter", metavar="QUARTER", help="one that is over, like 2026Q3")
    made.add_argument("--processes", type=int, default=2, metavar="N")
    sent = "write nothing: note that those of the quarter in FOLDER went, today or on a day like 2026-10-04"
    made.add_argument("--sent", nargs="?", const="", metavar="DAY", help=sent)


def bacs(commands: Subparsers) -> None:
    """Declare `lamplit bacs`."""
    words = "Files for Bacs and reports from it. What needs the finance key runs here, where its private half is."
    what = commands.add_parser("bacs", help=words, description=words).add_subparsers(metavar="WHAT", required=True)
    key = command(what, "key", "bacs:new_key", "Make the finance key, to which bank details are sealed.")
    key.add_argument("--out", required=True, metavar="FILE", help="where the private half goes: off the servers")
    write = command(what, "write", "bacs:write", "Write the Standard 18 file of a released collection run, and read it back.")
    write.add_argument("--run", required=True, metavar="RUN")
    refunds = command(what, "refunds", "bacs:refunds", "Write the refunds that two people agreed into a file of credits.")
    refunds.add_argument("--file", metavar="FILE", help="the name of a file that was sent: write the very same bytes again")
    refunds.add_argument(
        "--reference", default="REFUND", metavar="WORDS", help="what she reads on her statement, before its number: 7 letters"
    )
    for one in (write, refunds):
        one.add_argument("--key", required=True, metavar="FILE", help="the private half of the finance key")
        one.add_argument("--out", required=True, metavar="FILE")
        one.add_argument("--origin", metavar="FILE", help="whose file it is; otherwise bacs.toml in LAMPLIT_HOME")
        risk = "let the file go although that it goes stands in one place alone: after a loss it may be sent twice"
        one.add_argument("--anyway", action="store_true", help=risk)
    read = command(what, "read", "bacs:read", "Act on a report of Bacs: ARUDD, ADDACS, AUDDIS, DDICA, AWACS or ARUCS.")
    read.add_argument("file", metavar="FILE")
    read.add_argument("--origin", metavar="FILE", help="whose report it is; otherwise bacs.toml in LAMPLIT_HOME, if it is there")
    kinds = ("ARUDD", "ADDACS", "AUDDIS", "DDICA", "AWACS", "ARUCS")
    read.add_argument("--kind", choices=kinds, help="where the file does not say")
