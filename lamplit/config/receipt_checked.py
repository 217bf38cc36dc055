"""Whether a receipt is real: checked with public keys alone, so it holds when our tables, or a whole system, are gone."""

from datetime import UTC, datetime

from django.db import connection

from lamplit.config import place
from lamplit.config.checked import Verdict
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_moment
from lamplit.record.encode import BadEntry, read_header
from lamplit.record.note import SigningKey
from lamplit.record.verify import ProofReport, check_proof_file

MARK = "c2sp.org/tlog-proof@v1"


def is_receipt(text: str) -> bool:
    return text.lstrip().startswith(MARK)


def receipt_verdict(text: str) -> Verdict:
    """Say whether a receipt proves an entry of ours: of this record, of one that we took over, or of the one that we follow."""
    data = text.lstrip().replace("\r\n", "\n").encode()
    data = data if data.endswith(b"\n") else data + b"\n"
    reports = [check_proof_file(data, vkey, cosigners=_cosigners(), need=0) for vkey in _logs()]
    good = next((report for report in reports if report.ok), None)
    if good is None:
        said = [_("It was changed, or it is not one of ours. Ring us, and keep the file.")]
        return Verdict(_("This is not a receipt of ours"), "warn", said, [], [], [], doubtful=False)
    return Verdict(_("This receipt is real"), "done", _lines(good), [], [], [], doubtful=False)


def _lines(good: ProofReport) -> list[str]:
    said = []
    try:
        header = read_header(good.entry or b"")
        kept = _("What it proves was written down on %(moment)s.") % {"moment": full_moment(header.recorded_at)}
        said.append(kept)
    except BadEntry:
        pass
    said.append(_("Nobody changed it since, and we cannot say that it never was."))
    if good.cosigned:
        at = full_moment(datetime.fromtimestamp(min(good.cosigned.values()), UTC))
        said.append(_("Another machine held it too, on %(moment)s.") % {"moment": at})
    return said


def _logs() -> list[str]:
    """Return the public keys of the records whose receipts we gave: our own, those that we took over, the one that we follow."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT vkey FROM record.checkpoint UNION ALL SELECT vkey FROM record.source")
        own = [row[0] for row in cursor.fetchall()]
    follows = place.standby()
    return [*own, *([follows.log_key] if follows is not None else [])]


def _cosigners() -> list[str]:
    ours = place.key_folder() / "cosigner"
    own = [SigningKey.read(ours).vkey] if place.standby() is not None and ours.exists() else []
    return [*(key.vkey for _, key in place.standbys()), *own]
