"""Keys from fixed seeds, so that every run makes the same bytes. RSA keys are made anew: no private key is committed."""
import functools
import hashlib

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from . import der

ECDSA = {"sha1": "1.2.840.10045.4.1", "sha224": "1.2.840.10045.4.3.1", "sha256": "1.2.840.10045.4.3.2", "sha384": "1.2.840.10045.4.3.3",
         "sha512": "1.2.840.10045.4.3.4"}
RSA = {"md5": "1.2.840.113549.1.1.4", "sha1": "1.2.840.113549.1.1.5", "sha224": "1.2.840.113549.1.1.14", "sha256": "1.2.840.113549.1.1.11",
       "sha384": "1.2.840.113549.1.1.12", "sha512": "1.2.840.113549.1.1.13"}
HASHES = {"md5": hashes.MD5, "sha1": hashes.SHA1, "sha224": hashes.SHA224, "sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}
DIGESTS = {"sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3"}
CURVES = {"P-224": ec.SECP224R1, "P-256": ec.SECP256R1, "P-384": ec.SECP384R1, "P-521": ec.SECP521R1, "secp256k1": ec.SECP256K1}


class Key:
    """A private key, the SubjectPublicKeyInfo that names it, and how it signs."""

    def __init__(self, private, info=None):
        self.private = private
        self.info = info or private.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)

    @property
    def identifier(self):
        """RFC 5280 §4.2.1.2 lets CAs choose; here 20 octets of a SHA-256."""
        return hashlib.sha256(self.info).digest()[:20]

    def algorithm(self, digest="sha256"):
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return der.sequence(der.oid("1.3.101.112"))
        if isinstance(self.private, rsa.RSAPrivateKey):
            return der.sequence(der.oid(RSA[digest]), der.null())
        return der.sequence(der.oid(ECDSA[digest]))

    def sign(self, data, digest="sha256"):
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(data)
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(data, padding.PKCS1v15(), HASHES[digest]())
        return self.private.sign(data, ec.ECDSA(HASHES[digest](), deterministic_signing=True))

    def sign_pss(self, data, digest="sha256", salt=32, mask="sha256"):
        return self.private.sign(data, padding.PSS(padding.MGF1(HASHES[mask]()), salt), HASHES[digest]())


@functools.cache
def elliptic(seed, curve="P-256"):
    number = int.from_bytes(hashlib.sha512(seed.encode()).digest(), "big")
    bits = {"P-224": 220, "P-256": 250, "P-384": 380, "P-521": 510, "secp256k1": 250}[curve]
    return Key(ec.derive_private_key(number % (1 << bits) + 1, CURVES[curve]()))


@functools.cache
def edwards(seed):
    return Key(ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest()))


@functools.cache
def rsa_key(bits=2048, number=0):
    return Key(rsa.generate_private_key(65537, bits))


def pss_algorithm(digest="sha256", salt=32, mask="sha256", trailer=None):
    """RSASSA-PSS-params (RFC 4055 §3.1)."""
    hashed = der.sequence(der.oid(DIGESTS[digest]), der.null())
    masked = der.sequence(der.oid("1.2.840.113549.1.1.8"), der.sequence(der.oid(DIGESTS[mask]), der.null()))
    return der.sequence(der.oid("1.2.840.113549.1.1.10"), der.sequence(
        der.explicit(0, hashed) if digest != "sha1" else b"", der.explicit(1, masked) if mask != "sha1" else b"",
        der.explicit(2, der.integer(salt)) if salt != 20 else b"", der.explicit(3, der.integer(trailer)) if trailer else b""))
