"""SM3 (GB/T 32905-2016), from the cryptography package: the hash of files and of the audit chain."""

from cryptography.hazmat.primitives.hashes import SM3, Hash


def sm3(data: bytes) -> str:
    """The digest of ``data`` as 64 hexadecimal digits."""
    hasher = Hash(SM3())
    hasher.update(data)
    return hasher.finalize().hex()
