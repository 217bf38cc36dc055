"""Every refusal's words: for the tenant, and for staff. Codes never change; words may."""

from lamplit.basics.refusal import Refused

WORDS: dict[str, tuple[str, str]] = {
    # code: (what the tenant reads, what staff read); both may use {details}
    "record.command_reused": (
        "This form was already sent with other answers. Go back, check them and send it again.",
        "This form was already sent with other content. Open a new one.",
    ),
    "record.already_written": ("This was already sent. You need not send it again.", "This batch is already in the record."),
    # homes
    # people
    # staff
    # tenancies
    # messages
    # complaints
    # repairs
}


def tenant_words(refused: Refused) -> str:
    return WORDS[refused.code][0].format(**refused.details)


def staff_words(refused: Refused) -> str:
    return WORDS[refused.code][1].format(**refused.details)
