"""CAs: a name and a key, which certify others, issue leaves and publish lists."""
import base64
import hashlib
import itertools
from datetime import datetime, timedelta, timezone

from . import der, extensions as ext, keys, names

NOW = datetime(2026, 11, 21, 8, 0, 0, tzinfo=timezone.utc)
DAY = timedelta(days=1)


class Seed:
    """What the keys and serial numbers of the scenario that is being made come from."""
    scenario = ""
    counter = itertools.count(1)

    @classmethod
    def begin(cls, scenario):
        cls.scenario, cls.counter = scenario, itertools.count(1)

    @classmethod
    def next(cls):
        return next(cls.counter)


def armored(data, label="CERTIFICATE"):
    return f"-----BEGIN {label}-----\n{base64.encodebytes(data).decode()}-----END {label}-----\n"


class Made:
    """DER with its PEM; a certificate also with what later steps need of it."""
    label = "CERTIFICATE"

    def __init__(self, encoded, **facts):
        self.der = encoded
        self.__dict__.update(facts)

    @property
    def pem(self):
        return armored(self.der, self.label)

    @property
    def sha256(self):
        return hashlib.sha256(self.der).hexdigest()


class MadeList(Made):
    label = "X509 CRL"


def merged(defaults, own, without):
    """`own` extensions take the place of defaults with the same OID."""
    given = {one.oid for one in own}
    return [one for one in defaults if one.oid not in given and one.oid not in without] + list(own)


def certificate(*, subject, info, issuer, signer, exts=(), serial=None, start=NOW - 30 * DAY, end=NOW + 30 * DAY, version=3,
                digest="sha256", algorithm=None, outer=None, signature=None, wrapped=None, tail=b"", unused=0):
    """Any certificate. `algorithm` stands in tbs, `outer` beside the signature; `signature` makes it from tbs."""
    serial = Seed.next() + 1000 if serial is None else serial
    number = serial if isinstance(serial, bytes) else der.integer(serial)
    algorithm = algorithm or signer.algorithm(digest)
    encoded = wrapped if wrapped is not None else der.explicit(3, der.sequence(*(one.encoded for one in exts))) if exts else b""
    tbs = der.sequence(
        der.explicit(0, der.integer(version - 1)) if version != 1 else b"", number, algorithm, issuer,
        der.sequence(der.time(start), der.time(end)), subject, info, tail, encoded)
    value = signature(tbs) if signature else signer.sign(tbs, digest)
    return Made(der.sequence(tbs, outer or algorithm, der.bits(value, unused)), serial=number, issuer=issuer, subject=subject, tbs=tbs)


class CA:
    """A CA by name and key. `anchor` is its self-signed certificate."""

    def __init__(self, name, key=None, **anchor):
        self.text = name if isinstance(name, str) else "CA"
        self.name = names.common(name) if isinstance(name, str) else name
        self.key = key or keys.elliptic(f"{Seed.scenario}/{self.text}/{Seed.next()}")
        self.anchor_options = anchor
        self._anchor = None

    @property
    def anchor(self):
        if self._anchor is None:
            self._anchor = self.certify(self, *self.anchor_options.pop("exts", ()), **self.anchor_options)
        return self._anchor

    def certify(self, subject, *own, path=None, without=(), name=None, issuer=None, key=None, info=None, **options):
        """A CA certificate about `subject`, issued by this CA. `issuer` and `key` take other ones than this CA's own."""
        defaults = [ext.basic(path=path), ext.usage("keyCertSign", "cRLSign"), ext.subject_key(subject.key.identifier)]
        if subject is not self:
            defaults.append(ext.authority_key(self.key.identifier))
        return certificate(subject=name or subject.name, info=info or subject.key.info, issuer=issuer or self.name, signer=key or self.key,
                           exts=merged(defaults, own, without), **options)

    def leaf(self, *own, subject="Leaf", public=None, without=(), issuer=None, key=None, info=None, **options):
        """An end entity's certificate, for clients."""
        public = public or keys.elliptic(f"{Seed.scenario}/leaf/{Seed.next()}")
        defaults = [ext.usage("digitalSignature"), ext.purposes(ext.CLIENT), ext.authority_key(self.key.identifier)]
        return certificate(subject=names.common(subject) if isinstance(subject, str) else subject, info=info or public.info,
                           issuer=issuer or self.name, signer=key or self.key, exts=merged(defaults, own, without), **options)

    def crl(self, *own, revoked=(), without=(), this=NOW - DAY, following=NOW + DAY, number=7, name=None, key=None, version=2, digest="sha256",
            outer=None, is_list_kept=False):
        """A CRL. `revoked` holds certificates, or what `entry` made. `is_list_kept`: the list of entries stands there even when it is empty."""
        defaults = [ext.list_number(number), ext.authority_key((key or self.key).identifier)] if version == 2 else []
        exts = merged(defaults, own, without)
        algorithm = (key or self.key).algorithm(digest)
        entries = [one if isinstance(one, bytes) else entry(one) for one in revoked]
        tbs = der.sequence(
            der.integer(1) if version == 2 else b"", algorithm, name or self.name, der.time(this),
            der.time(following) if following else b"", der.sequence(*entries) if entries or is_list_kept else b"",
            der.explicit(0, der.sequence(*(one.encoded for one in exts))) if exts else b"")
        return MadeList(der.sequence(tbs, outer or algorithm, der.bits((key or self.key).sign(tbs, digest))))


def entry(revoked, reason=None, issuer=None, exts=(), date=NOW - 2 * DAY):
    """An entry of revokedCertificates. `reason` is a CRLReason's number; `issuer` a name for certificateIssuer (§5.3.3)."""
    exts = list(exts)
    if reason is not None:
        exts.append(ext.Extension(ext.REASON, False, der.tlv(0x0A, bytes([reason]))))
    if issuer is not None:
        exts.append(ext.Extension(ext.CERTIFICATE_ISSUER, True, der.sequence(names.directory(issuer))))
    serial = revoked if isinstance(revoked, bytes) else revoked.serial
    return der.sequence(serial, der.time(date), der.sequence(*(one.encoded for one in exts)) if exts else b"")
