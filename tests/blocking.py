"""Keeps tests off the network. What we call ourselves, on this machine, stays open."""

import ipaddress
from types import ModuleType
from typing import Any

import pytest


class CalledOutError(AssertionError):
    """A test tried to reach another machine."""


def block_network(patch: pytest.MonkeyPatch, socket: ModuleType) -> None:
    """Make Python's sockets refuse to look up or connect to anything but this machine.

    Libraries that open sockets in C or Rust are not held: the tests give them local addresses only.
    """
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def only_here(of: Any) -> Any:
        def guarded(self: Any, address: Any) -> Any:
            if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
                raise CalledOutError(f"a test tried to connect to {address!r}")
            return of(self, address)

        return guarded

    def look_up(host: Any, *rest: Any, **more: Any) -> Any:
        if host is not None and not _is_here(host):
            raise CalledOutError(f"a test tried to look up {host!r}")
        return getaddrinfo(host, *rest, **more)

    patch.setattr(socket.socket, "connect", only_here(connect))
    patch.setattr(socket.socket, "connect_ex", only_here(connect_ex))
    patch.setattr(socket, "getaddrinfo", look_up)


def _is_here(host: str | bytes) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {"", "localhost"}:
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
