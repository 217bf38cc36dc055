"""`lamplit post`: takes e-mail from the landlord's relay until stopped, and tells that it is alive."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import psycopg

from lamplit.basics.clock import now
from lamplit.cli.say import Failed, say
from lamplit.config import place, providers
from lamplit.exchange.post.listener import Came, Listener, Post, keep
from lamplit.record.loop import Loop, Stop


def run(take: Callable[[Came, datetime], str] = keep) -> int:
    """Listen until asked to stop; not at all where nobody said where. Failed when the port is taken."""
    chosen = providers.given()
    if chosen.post is None:
        say("providers.toml has no part [post], so there is nothing to listen for. See docs/messages.md.")
        return 0
    bounces = chosen.smtp.bounces if chosen.smtp is not None else None
    post = Post(chosen.post.addresses, bounces, providers.bounce_secret(), now, take)
    files = (chosen.post.certificate_file, chosen.post.certificate_key_file)
    listener = Listener(post, chosen.post.host, chosen.post.port, (files[0], files[1]) if files[0] and files[1] else None)
    stop = Stop().on_signals()
    try:
        listener.start()
    except OSError as error:
        raise Failed(f"Port {chosen.post.port} of {chosen.post.host} cannot be opened: {error.strerror}.") from error
    say(f"Taking e-mail at {chosen.post.host}, port {chosen.post.port}.")
    try:
        Loop("post", _as_app, lambda _: _tell(post), every=1.0).run(stop)
    finally:
        listener.stop()
        post.close()
    return 0


def _tell(post: Post) -> bool:
    """Say what is wrong, if something is: the loop writes it into its row, and the desk shows it."""
    if post.trouble:
        raise OSError(post.trouble)
    return False


def _as_app() -> psycopg.Connection[Any]:
    return psycopg.connect(place.conninfo("app"))
