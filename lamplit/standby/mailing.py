"""What somebody writes at the standby, as the e-mail that she would have written to us: whoever opens it reads e-mails already.

By the older of the library's two ways to write one: the newer parses again each header that it writes, which took as long as
all the rest of taking a report.
"""

from collections.abc import Sequence
from email.message import Message
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formataddr

NOBODY = "nobody@invalid"


def as_mail(name: str, address: str, subject: str, lines: Sequence[str], photos: Sequence[tuple[str, bytes]] = ()) -> bytes:
    """Return an e-mail's bytes. `photos`: name and bytes of each JPEG that goes with it."""
    words = MIMEText("\n".join(lines))
    mail: Message = words
    if photos:
        mail = MIMEMultipart()
        mail.attach(words)
    mail["From"] = formataddr((_one_line(name), address or NOBODY))
    mail["Subject"] = subject
    for file, data in photos:
        part = MIMEImage(data, "jpeg")
        part.add_header("Content-Disposition", "attachment", filename=file)
        mail.attach(part)
    return mail.as_bytes()


def _one_line(text: str) -> str:
    """Nothing that somebody types begins a header of its own."""
    return " ".join(text.split())
