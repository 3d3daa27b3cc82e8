"""Encryption of what a few may read: AES-GCM under a key per person, itself wrapped by the installation's key.

Losing the person's key is erasure: the ciphertext stays where it is, so that a chain of digests over it stays valid.
"""

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12  # bytes; a fresh one per text is the salt


def new_wrapped_key() -> bytes:
    """A fresh 256-bit key, wrapped by the installation's key, fit to be stored."""
    return _encrypt(_master(), AESGCM.generate_key(256))


def seal(wrapped: bytes, text: str) -> str:
    """Ciphertext of ``text``, different each time."""
    return base64.b64encode(_encrypt(_decrypt(_master(), wrapped), text.encode())).decode()


def unseal(wrapped: bytes, ciphertext: str) -> str | None:
    """The text again; None if the key is not the one it was sealed with."""
    try:
        return _decrypt(_decrypt(_master(), wrapped), base64.b64decode(ciphertext)).decode()
    except InvalidTag:
        return None


def seal_for_system(text: str) -> str:
    """Ciphertext under the installation's key, for what belongs to no person (a second factor's seed)."""
    return base64.b64encode(_encrypt(_master(), text.encode())).decode()


def unseal_for_system(ciphertext: str) -> str:
    return _decrypt(_master(), base64.b64decode(ciphertext)).decode()


def _master() -> bytes:
    return hashlib.sha256(b"anlan.kit.secrets " + settings.SECRET_KEY.encode()).digest()


def _encrypt(key: bytes, data: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, None)


def _decrypt(key: bytes, data: bytes) -> bytes:
    return AESGCM(key).decrypt(data[:_NONCE], data[_NONCE:], None)
