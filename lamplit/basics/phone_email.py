"""Telephone numbers and e-mail addresses as they are kept: one spelling, so that equal ones are equal."""

import re

_EMAIL = re.compile(r"[^\s@,;<>()\"]{1,64}@(?:[^\s@.,;<>()\"]+\.)+[^\s@.,;<>()\"\d]{2,}")


def read_phone(text: str) -> str | None:
    """Return a telephone number as +447700900123, or None when it is none.

    UK numbers have ten digits after the nought, some of 01 and 0800 nine (Ofcom, National Telephone Numbering Plan);
    others are taken when they begin with + or 00 and have 8 to 15 digits (ITU-T E.164).
    """
    bare = re.sub(r"[\s().\-/]", "", text.replace("(0)", ""))
    bare = re.sub(r"^00", "+", bare)
    if re.fullmatch(r"0[1-9][0-9]{8,9}", bare):
        bare = "+44" + bare[1:]
    uk = r"\+44(?:[1-357-9][0-9]{9}|1[0-9]{8}|800[0-9]{6})"
    shape = uk if bare.startswith("+44") else r"\+[1-9][0-9]{7,14}"
    return bare if re.fullmatch(shape, bare) else None


def is_mobile(phone: str) -> bool:
    """Say whether a number from `read_phone` takes texts: a UK mobile (07, but not 070 personal and 076 pager), or foreign."""
    return not phone.startswith("+44") or (phone.startswith("+447") and phone[4] not in "06")


def read_email(text: str) -> str | None:
    """Return an e-mail address with its domain in small letters, or None when it is none."""
    bare = text.strip()
    if len(bare) > 254 or not _EMAIL.fullmatch(bare) or ".." in bare:
        return None
    name, _, domain = bare.rpartition("@")
    return f"{name}@{domain.lower()}"
