"""The providers of this installation, put together from what the landlord chose."""

from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.conf import settings

from lamplit.config import place
from lamplit.config.letter import letter
from lamplit.continuity import weekly as weeklies
from lamplit.continuity.weekly import Round
from lamplit.messages import queries
from lamplit.reactions.providers import chosen
from lamplit.reactions.providers.chosen import BadSettings, Chosen
from lamplit.reactions.providers.interface import Provider
from lamplit.reactions.providers.mail import Letterhead, Signer
from lamplit.reactions.providers.notify import HOME, Notify, Templates
from lamplit.reactions.providers.plain import Folder, Outbox
from lamplit.reactions.providers.print_house import PrintHouse
from lamplit.reactions.providers.smtp import Relay, Smtp
from lamplit.reactions.send import Carriers


def given() -> Chosen:
    """Return the landlord's choice: LAMPLIT_PROVIDERS names the file. BadSettings."""
    return chosen.read(Path(settings.PROVIDERS))


def carriers() -> Carriers:
    """Return who carries what: as chosen, and the rest in the demo's outbox or in $LAMPLIT_HOME/messages. BadSettings."""
    wanted = given()
    otherwise: Provider = Outbox(letter) if settings.DEMO else Folder(place.home() / "messages")
    made = {name: MAKERS[name](wanted) for name in set(wanted.send.values()) if name != "folder"}
    return Carriers({channel: made[name] for channel, name in wanted.send.items() if name in made}, otherwise)


def weekly() -> tuple[weeklies.Carriers, Round] | None:
    """Return who carries a standby's weekly message, and to whom; None where the landlord named nobody. BadSettings."""
    wanted = given()
    return None if wanted.weekly is None else _round(wanted, wanted.weekly)


def alarms() -> tuple[weeklies.Carriers, Round] | None:
    """Return who carries what a standby rings with, and to whom; None where the landlord named nobody. BadSettings."""
    wanted = given()
    return None if wanted.alarms is None else _round(wanted, wanted.alarms)


def _round(wanted: Chosen, to: chosen.Weekly | chosen.Alarms) -> tuple[weeklies.Carriers, Round]:
    said = {"landlord": settings.LANDLORD["name"], "phone": settings.LANDLORD["phone"]}
    said["sender"] = wanted.smtp.from_address if wanted.smtp else ""
    makers = {"email": _smtp} if to.to else {}
    carried = {channel: make(wanted) for channel, make in (makers | ({"text": _notify} if to.texts else {})).items()}
    return carried, Round(addresses=tuple(to.to), texts=tuple(to.texts), said=said)


def check_providers(at: datetime) -> list[tuple[str, list[str]]]:
    """Return each provider's name and, in sentences, what is wrong with it; nothing when it is well."""
    try:
        return [(one.name, one.check(at)) for one in carriers().every()]
    except BadSettings as trouble:
        return [("providers.toml", [str(trouble)])]


def callback_token() -> str | None:
    """Return what Notify shows when it calls us, or None where it does not. BadSettings."""
    wanted = given().notify
    if wanted is None:
        return None
    return chosen.secret(wanted.callback_token_file, wanted.callback_token_env, "The token of Notify's calls")


def bounce_secret() -> bytes:
    return str(settings.SECRET_KEY).encode()


def public_keys() -> dict[str, str]:
    """Return the public half of the key that signs e-mail, under its name in the DNS and as it stands there (RFC 6376).

    Anybody may have it. Kept beside the record, it tells our e-mail from others' where the DNS is not asked. BadSettings.
    """
    wanted = given().smtp
    if wanted is None or not (wanted.dkim_key_file and wanted.dkim_domain and wanted.dkim_selector):
        return {}
    pem = chosen.secret_bytes(wanted.dkim_key_file, "The key that signs e-mail")
    public = load_pem_private_key(pem, None).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    where = f"{wanted.dkim_selector}._domainkey.{wanted.dkim_domain}."
    return {where.lower(): f"v=DKIM1; k=rsa; p={b64encode(public).decode()}"}


def _smtp(wanted: Chosen) -> Provider:
    given = wanted.smtp
    assert given is not None  # noqa: S101 - chosen.read saw to it
    signer = None
    if given.dkim_key_file and given.dkim_domain and given.dkim_selector:
        key = chosen.secret_bytes(given.dkim_key_file, "The key that signs e-mail")
        signer = Signer(domain=given.dkim_domain, selector=given.dkim_selector, key=key)
    relay = Relay(
        host=given.host, port=given.port, security=given.security, user=given.user, certificates=given.certificates_file,
        password=chosen.secret(given.password_file, given.password_env, "The password of the mail relay"),
    )  # fmt: skip
    head = Letterhead(name=given.from_name, address=given.from_address, reply_to=given.reply_to)
    return Smtp(relay, head, signer, given.bounces, bounce_secret())


def _notify(wanted: Chosen) -> Provider:
    given = wanted.notify
    assert given is not None  # noqa: S101 - chosen.read saw to it
    key = chosen.secret(given.api_key_file, given.api_key_env, "The key of Notify")
    if key is None:
        raise BadSettings("[notify] needs api_key_file or api_key_env.")
    templates = Templates(text=given.template_text, email=given.template_email)
    return Notify(key, templates, letter, home=given.address or HOME, postage=given.postage)


def _print_house(wanted: Chosen) -> Provider:
    given = wanted.print_house
    assert given is not None  # noqa: S101 - chosen.read saw to it
    return PrintHouse(Path(given.folder), letter, queries.handed_of)


MAKERS: dict[str, Callable[[Chosen], Provider]] = {"smtp": _smtp, "notify": _notify, "print_house": _print_house}
