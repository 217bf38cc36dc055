"""Age files opened the quick way: the same bytes as pyrage gives, and never any that were changed."""

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplit.basics import age_quick
from lamplit.basics.age_quick import Opener

MINE, OTHER = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
SEALED = bytes(pyrage.encrypt(b'{"account":"10000017"}', [MINE.to_public()]))


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_opens_what_pyrage_sealed(data, two):
    to = [OTHER.to_public(), MINE.to_public()] if two else [MINE.to_public()]
    sealed = bytes(pyrage.encrypt(data, to))
    assert Opener([MINE])._plainly(sealed) == data, "without help"
    assert Opener([OTHER, MINE])(sealed) == data


@pytest.mark.parametrize("size", [0, 64 * 1024, 64 * 1024 + 1, 200_000])
def test_what_is_larger_than_a_chunk_goes_to_pyrage(size):
    data = b"x" * size
    sealed = bytes(pyrage.encrypt(data, [MINE.to_public()]))
    assert Opener([MINE])(sealed) == data
    assert (Opener([MINE])._plainly(sealed) is None) == (size > 64 * 1024)


@pytest.mark.parametrize("identities", [[OTHER], []])
def test_another_key_opens_nothing(identities):
    with pytest.raises(pyrage.DecryptError):
        Opener(identities)(SEALED)


def test_no_changed_byte_is_believed():
    """The last bit of a byte: in base64 that may be one which stands for nothing, and is a second spelling of the same."""
    for at, byte in enumerate(SEALED):
        with pytest.raises(pyrage.DecryptError):
            Opener([MINE])(SEALED[:at] + bytes([byte ^ 1]) + SEALED[at + 1 :])


def test_what_is_cut_short_is_not_believed():
    for left in range(len(SEALED)):
        with pytest.raises(pyrage.DecryptError):
            Opener([MINE])(SEALED[:left])


def test_each_check_is_its_own(monkeypatch):
    """A header with another stanza in it, whose own key is right: only the MAC of the header tells."""
    monkeypatch.setattr(pyrage, "decrypt", lambda *_: b"asked pyrage")
    cut = SEALED.index(b"\n--- ")
    assert Opener([MINE])(SEALED[:cut] + b"\n-> other stanza\nAAAA" + SEALED[cut:]) == b"asked pyrage"
    assert age_quick.Opener([MINE])(SEALED) == b'{"account":"10000017"}'
