#!/usr/bin/env python3
"""Makes cases.json: certificates and CRLs with the verdict that RFC 5280 gives them, in the shape of `hallpass verify --batch`.

Run it with PyPI's `cryptography` (any version from 42 on): python3 make_cases.py > cases.json
Expected verdicts come from the rule named in each case, never from running hallpass. Private keys are made anew and thrown away.
"""
import base64
import json
import sys
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID as EKU
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 11, 21, 8, 0, 0, tzinfo=timezone.utc)
DAY = timedelta(days=1)
cases = []


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, text)]) if text else x509.Name([])


def p256():
    return ec.generate_private_key(ec.SECP256R1())


def usage(*bits):
    every = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign",
             "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{bit: bit in bits for bit in every})


CA_USAGE = usage("key_cert_sign", "crl_sign")
SHA256_RSA = bytes.fromhex("2a864886f70d01010b")
SHA1_RSA = bytes.fromhex("2a864886f70d010105")
UNKNOWN = x509.ObjectIdentifier("1.3.6.1.4.1.55738.666.1")


class CA:
    """A name with a key, and the certificate that was made last for it."""

    def __init__(self, text, key=None):
        self.name, self.key, self.cert = name(text), key or p256(), None

    def ski(self):
        return x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())


def make(subject, public, issuer, *, extensions, serial=None, start=NOW - 30 * DAY, end=NOW + 30 * DAY, issuer_name=None, digest=None,
         key=None, version=None):
    builder = x509.CertificateBuilder(
        issuer_name=issuer_name if issuer_name is not None else issuer.name, subject_name=subject, public_key=public,
        serial_number=serial if serial is not None else x509.random_serial_number(), not_valid_before=start, not_valid_after=end)
    # Set directly, as the builder would refuse what some cases need.
    builder._extensions = [x509.Extension(value.oid, critical, value) for value, critical in extensions]
    if version:
        builder._version = version
        builder._extensions = []
    signer = key or issuer.key
    return builder.sign(signer, None if isinstance(signer, ed25519.Ed25519PrivateKey) else (digest or hashes.SHA256()))


def authority(ca, issuer=None, *, path=None, keyusage=CA_USAGE, bc=True, bc_critical=True, ski=True, aki=True, extra=(), **options):
    issuer = issuer or ca
    extensions = []
    if bc is not None:
        extensions.append((x509.BasicConstraints(bc, path if bc else None), bc_critical))
    if keyusage:
        extensions.append((keyusage, True))
    if ski:
        extensions.append((ca.ski(), ski == "critical"))
    if aki and issuer is not ca:
        extensions.append((x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), False))
    cert = make(ca.name, ca.key.public_key(), issuer, extensions=extensions + list(extra), **options)
    ca.cert = ca.cert or cert
    return cert


def root(text, **options):
    ca = CA(text)
    authority(ca, **options)
    return ca


def leaf(issuer, *, subject="leaf", eku=(EKU.CLIENT_AUTH,), keyusage=usage("digital_signature"), aki=True, public=None, extra=(),
         bc=None, eku_critical=False, **options):
    public = public or p256().public_key()
    extensions = []
    if bc:
        extensions.append(bc)
    if keyusage:
        extensions.append((keyusage, True))
    if eku:
        extensions.append((x509.ExtendedKeyUsage(eku), eku_critical))
    if aki is True:
        extensions.append((x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), False))
    elif aki:
        extensions.append((aki, False))
    return make(name(subject), public, issuer, extensions=extensions + list(extra), **options)


def crl(issuer, revoked=(), *, this=NOW - DAY, following=NOW + DAY, number=7, number_critical=False, extra=(), key=None, issuer_name=None, twice=False):
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer_name or issuer.name).last_update(this).next_update(following)
    if number is not None:
        builder = builder.add_extension(x509.CRLNumber(number), number_critical)
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key((key or issuer.key).public_key()), False)
    for value, critical in extra:
        builder = builder.add_extension(value, critical)
    for cert, reason, entry_extra in [(r + (None, ()))[:3] if isinstance(r, tuple) else (r, None, ()) for r in revoked]:
        entry = x509.RevokedCertificateBuilder().serial_number(cert.serial_number).revocation_date(NOW - 2 * DAY)
        if reason:
            entry = entry.add_extension(x509.CRLReason(reason), False)
        for value, critical in entry_extra or ():
            entry = entry.add_extension(value, critical)
        built = entry.build()
        builder = builder.add_revoked_certificate(built)
        if twice:
            builder = builder.add_revoked_certificate(built)
    return builder.sign(key or issuer.key, hashes.SHA256())


def pem(value):
    return value if isinstance(value, str) else value.public_bytes(serialization.Encoding.PEM).decode()


def raw(data):
    return f"-----BEGIN CERTIFICATE-----\n{base64.encodebytes(data).decode()}-----END CERTIFICATE-----\n"


def case(ident, rule, expected, peer, anchors, intermediates=(), crls=(), **fields):
    """`expected` is ACCEPT or a refusal code."""
    one = {"id": ident, "rule": rule, "expected": expected, "peer_certificate": pem(peer), "trusted_certs": [pem(a) for a in anchors],
           "untrusted_intermediates": [pem(i) for i in intermediates], "crls": [pem(c) for c in crls],
           "validation_time": NOW.isoformat(), "validation_kind": "CLIENT"}
    one.update(fields)
    cases.append(one)


def chains():
    r = root("Root")
    case("chain/two", "RFC 5280 §6.1", "ACCEPT", leaf(r), [r.cert])
    i = CA("Issuing")
    authority(i, r, path=0)
    case("chain/three", "§6.1", "ACCEPT", leaf(i), [r.cert], [i.cert])
    case("chain/missing-intermediate", "§6.1: no CA of that name", "issuer_unknown", leaf(i), [r.cert])
    case("chain/no-anchor", "§6.1.1 (d)", "path_not_found", leaf(i), [root("Other").cert], [i.cert])
    big = CA("RSA Root", rsa.generate_private_key(65537, 2048))
    authority(big)
    case("chain/rsa", "RFC 4055 §5", "ACCEPT", leaf(big), [big.cert])
    case("chain/rsa-sha512", "RFC 4055 §5", "ACCEPT", leaf(big, digest=hashes.SHA512()), [big.cert])
    case("chain/rsa-sha224", "not among the permitted algorithms", "algorithm_not_permitted", leaf(big, digest=hashes.SHA224()), [big.cert])
    renamed = leaf(big).public_bytes(serialization.Encoding.DER).replace(SHA256_RSA, SHA1_RSA)
    case("chain/rsa-sha1", "SHA-1 is not permitted, whatever the signature", "algorithm_not_permitted", raw(renamed), [big.cert])
    half = leaf(big).public_bytes(serialization.Encoding.DER).replace(SHA256_RSA, SHA1_RSA, 1)
    case("chain/two-algorithms", "§4.1.1.2", "certificate_malformed", raw(half), [big.cert])
    p384 = CA("P-384 Root", ec.generate_private_key(ec.SECP384R1()))
    authority(p384, digest=hashes.SHA384())
    case("chain/p384", "RFC 5758 §3.2", "ACCEPT", leaf(p384, digest=hashes.SHA384()), [p384.cert])
    weak = CA("RSA 1024", rsa.generate_private_key(65537, 1024))
    authority(weak)
    case("chain/weak-anchor", "key-strength floor", "algorithm_not_permitted", leaf(weak), [weak.cert])
    case("chain/weak-leaf", "key-strength floor", "algorithm_not_permitted",
         leaf(r, public=rsa.generate_private_key(65537, 1024).public_key()), [r.cert])
    ed = CA("Ed25519 Root", ed25519.Ed25519PrivateKey.generate())
    authority(ed)
    case("chain/ed25519-ca", "RFC 8410", "ACCEPT", leaf(ed), [ed.cert])
    case("chain/wrong-signature", "§6.1.3 (a)(1)", "signature_invalid", leaf(r, key=p256()), [r.cert])
    impostor = CA("Root")
    authority(impostor)
    case("chain/impostor-same-name", "a name alone is nobody", "path_not_found", leaf(impostor), [r.cert], [impostor.cert])


def validity():
    r = root("Root")
    case("validity/expired", "§6.1.3 (a)(2)", "certificate_expired", leaf(r, end=NOW - DAY), [r.cert])
    case("validity/not-yet", "§6.1.3 (a)(2)", "certificate_not_yet_valid", leaf(r, start=NOW + DAY), [r.cert])
    case("validity/notbefore-exact", "§4.1.2.5: inclusive", "ACCEPT", leaf(r, start=NOW), [r.cert])
    case("validity/notafter-exact", "§4.1.2.5: inclusive", "ACCEPT", leaf(r, end=NOW), [r.cert])
    exact = leaf(r, end=NOW)
    case("validity/fraction-cut", "validation_time is cut to whole seconds", "ACCEPT", exact, [r.cert], validation_time="2026-11-21T08:00:00.900Z")
    case("validity/second-later", "§6.1.3 (a)(2)", "certificate_expired", exact, [r.cert], validation_time="2026-11-21T08:00:01Z")
    case("validity/other-offset", "RFC 3339 offsets", "ACCEPT", exact, [r.cert], validation_time="2026-11-21T16:00:00+08:00")
    case("validity/from-2050", "§4.1.2.5.2", "certificate_not_yet_valid",
         leaf(r, start=datetime(2050, 1, 1, tzinfo=timezone.utc), end=datetime(2051, 1, 1, tzinfo=timezone.utc)), [r.cert])
    old = root("Old Root", start=NOW - 90 * DAY, end=NOW - 30 * DAY)
    case("validity/expired-anchor", "RFC 5937", "path_not_found", leaf(old), [old.cert])
    case("validity/expired-anchor-lax", "§6.1.1 (d): only name and key", "ACCEPT", leaf(old), [old.cert], inputs={"lax": True})
    i = CA("Issuing")
    authority(i, r, end=NOW - DAY)
    case("validity/expired-intermediate", "§6.1.3 (a)(2)", "path_not_found", leaf(i), [r.cert], [i.cert])
    j = CA("Future")
    authority(j, r, start=NOW + DAY)
    case("validity/future-intermediate", "§6.1.3 (a)(2)", "path_not_found", leaf(j), [r.cert], [j.cert])


def constraints():
    r = root("Root")
    for ident, options, expected in [
        ("not-a-ca", {"bc": False, "keyusage": usage("digital_signature")}, "constraint_violated"),
        ("no-basic-constraints", {"bc": None, "keyusage": usage("digital_signature")}, "constraint_violated"),
        ("no-key-cert-sign", {"keyusage": usage("crl_sign")}, "constraint_violated"),
        ("no-key-usage", {"keyusage": None}, "ACCEPT"),
    ]:
        i = CA("Issuing")
        authority(i, r, **options)
        case(f"constraints/{ident}", "§6.1.4 (k), (n)", expected, leaf(i), [r.cert], [i.cert])
    a, b = CA("A"), CA("B")
    authority(a, r, path=0)
    authority(b, a)
    case("constraints/path-length-0", "§6.1.4 (l)", "constraint_violated", leaf(b), [r.cert], [a.cert, b.cert])
    c, d = CA("C"), CA("D")
    authority(c, r, path=1)
    authority(d, c, path=5)
    case("constraints/path-length-may-grow", "§6.1.4 (m)", "ACCEPT", leaf(d), [r.cert], [c.cert, d.cert])
    e = CA("E")
    authority(e, d)
    case("constraints/path-length-1", "§6.1.4 (l)", "constraint_violated", leaf(e), [r.cert], [c.cert, d.cert, e.cert])
    roll = CA("C")
    authority(roll, c, path=0)
    case("constraints/self-issued-not-counted", "§6.1.4 (l)", "ACCEPT", leaf(roll), [r.cert], [c.cert, roll.cert])
    case("constraints/ca-as-leaf", "§4.2.1.9: the last certificate is not counted", "ACCEPT", b.cert, [r.cert], [a.cert], inputs={"no_eku": True})
    short = root("Short Root", path=0)
    i = CA("Below")
    authority(i, short)
    case("constraints/anchor-path-length", "RFC 5937 §3", "constraint_violated", leaf(i), [short.cert], [i.cert])
    case("constraints/anchor-path-length-lax", "§6.1.1 (d)", "ACCEPT", leaf(i), [short.cert], [i.cert], inputs={"lax": True})
    x, y = CA("X"), CA("Y")
    authority(x, r)
    authority(y, x)
    for depth, expected in [(2, "ACCEPT"), (1, "constraint_violated"), (0, "constraint_violated")]:
        case(f"constraints/depth-{depth}", "contract: max_chain_depth counts intermediates", expected, leaf(y), [r.cert], [x.cert, y.cert], max_chain_depth=depth)


def purposes():
    r = root("Root")
    case("purpose/server-only", "§4.2.1.12", "purpose_not_permitted", leaf(r, eku=(EKU.SERVER_AUTH,)), [r.cert])
    case("purpose/server", "§4.2.1.12", "ACCEPT", leaf(r, eku=(EKU.SERVER_AUTH,)), [r.cert], validation_kind="SERVER")
    case("purpose/none", "§4.2.1.12: absent means any", "ACCEPT", leaf(r, eku=None), [r.cert])
    case("purpose/any", "§4.2.1.12", "ACCEPT", leaf(r, eku=(EKU.EMAIL_PROTECTION, EKU.ANY_EXTENDED_KEY_USAGE)), [r.cert])
    case("purpose/any-critical", "§4.2.1.12", "certificate_malformed", leaf(r, eku=(EKU.ANY_EXTENDED_KEY_USAGE,), eku_critical=True), [r.cert])
    case("purpose/named", "contract: extended_key_usage", "ACCEPT", leaf(r, eku=(EKU.EMAIL_PROTECTION,)), [r.cert], extended_key_usage=["emailProtection"])
    case("purpose/not-asked", "contract: no_eku", "ACCEPT", leaf(r, eku=(EKU.EMAIL_PROTECTION,)), [r.cert], inputs={"no_eku": True})
    case("purpose/key-usage", "contract: key_usage", "purpose_not_permitted", leaf(r), [r.cert], key_usage=["keyAgreement"])
    case("purpose/key-usage-there", "contract: key_usage", "ACCEPT", leaf(r), [r.cert], key_usage=["digitalSignature"])
    case("purpose/key-usage-absent", "§4.2.1.3: absent means any", "ACCEPT", leaf(r, keyusage=None), [r.cert], key_usage=["digitalSignature"])
    i = CA("Mail CA")
    authority(i, r, extra=[(x509.ExtendedKeyUsage([EKU.EMAIL_PROTECTION]), False)])
    case("purpose/nested", "EKU of a CA constrains those below", "purpose_not_permitted", leaf(i), [r.cert], [i.cert])
    j = CA("Client CA")
    authority(j, r, extra=[(x509.ExtendedKeyUsage([EKU.CLIENT_AUTH, EKU.EMAIL_PROTECTION]), False)])
    case("purpose/nested-allowed", "EKU of a CA constrains those below", "ACCEPT", leaf(j), [r.cert], [j.cert])
    case("purpose/algorithms", "contract: signature_algorithms", "algorithm_not_permitted", leaf(r), [r.cert], signature_algorithms=["RSA_WITH_SHA256"])
    case("purpose/algorithms-asked", "contract: signature_algorithms", "ACCEPT", leaf(r), [r.cert], signature_algorithms=["ECDSA_WITH_SHA256"])


def profile():
    r = root("Root")

    def both(ident, rule, peer, anchors, intermediates=(), code="certificate_malformed"):
        case(f"profile/{ident}", rule, code, peer, anchors, intermediates)
        case(f"profile/{ident}-lax", "§6 only", "ACCEPT", peer, anchors, intermediates, inputs={"lax": True})

    both("leaf-without-aki", "§4.2.1.1", leaf(r, aki=None), [r.cert])
    both("aki-without-key-identifier", "§4.2.1.1", leaf(r, aki=x509.AuthorityKeyIdentifier(None, [x509.DirectoryName(r.name)], r.cert.serial_number)), [r.cert])
    both("version-1", "§4.1.2.1", leaf(r, version=x509.Version.v1), [r.cert])
    both("empty-key-usage", "§4.2.1.3", leaf(r, keyusage=usage()), [r.cert])
    both("empty-subject", "§4.1.2.6", leaf(r, subject=""), [r.cert])
    both("critical-aki", "§4.2.1.1", leaf(r, aki=None, extra=[(x509.AuthorityKeyIdentifier.from_issuer_public_key(r.key.public_key()), True)]), [r.cert])
    both("sign-without-ca", "§4.2.1.9", leaf(r, keyusage=usage("digital_signature", "key_cert_sign")), [r.cert])
    case("profile/empty-subject-critical-san", "§4.2.1.6", "ACCEPT",
         leaf(r, subject="", extra=[(x509.SubjectAlternativeName([x509.RFC822Name("a@example.com")]), True)]), [r.cert])
    case("profile/empty-issuer", "§4.1.2.4", "certificate_malformed", leaf(r, issuer_name=x509.Name([])), [r.cert])
    for ident, rule, options in [
        ("anchor-without-ski", "§4.2.1.2", {"ski": None}),
        ("anchor-critical-ski", "§4.2.1.2", {"ski": "critical"}),
        ("anchor-noncritical-constraints", "§4.2.1.9", {"bc_critical": False}),
    ]:
        bad = root("Bad Root", **options)
        both(ident, rule, leaf(bad), [bad.cert], code="path_not_found")
    for ident, options in [("without-ski", {"ski": None}), ("without-aki", {"aki": None}), ("noncritical-constraints", {"bc_critical": False})]:
        i = CA("Issuing")
        authority(i, r, **options)
        both(f"intermediate-{ident}", "§4.2.1", leaf(i), [r.cert], [i.cert], code="path_not_found")
    case("profile/critical-unknown", "§4.2", "extension_not_supported", leaf(r, extra=[(x509.UnrecognizedExtension(UNKNOWN, b"\x05\x00"), True)]), [r.cert])
    case("profile/critical-unknown-lax", "§6.1.5 (f)", "extension_not_supported",
         leaf(r, extra=[(x509.UnrecognizedExtension(UNKNOWN, b"\x05\x00"), True)]), [r.cert], inputs={"lax": True})
    case("profile/unknown", "§4.2", "ACCEPT", leaf(r, extra=[(x509.UnrecognizedExtension(UNKNOWN, b"\x05\x00"), False)]), [r.cert])
    i = CA("Issuing")
    authority(i, r, extra=[(x509.UnrecognizedExtension(UNKNOWN, b"\x05\x00"), True)])
    case("profile/critical-unknown-intermediate", "§6.1.4 (o)", "extension_not_supported", leaf(i), [r.cert], [i.cert])
    bad = root("Bad Root", extra=[(x509.UnrecognizedExtension(UNKNOWN, b"\x05\x00"), True)])
    case("profile/critical-unknown-anchor", "RFC 5937", "extension_not_supported", leaf(bad), [bad.cert])
    san = x509.SubjectAlternativeName([x509.RFC822Name("a@example.com")])
    case("profile/duplicate-extension", "§4.2", "certificate_malformed", leaf(r, extra=[(san, False), (san, False)]), [r.cert])
    case("profile/malformed-san", "§4.2.1.6", "certificate_malformed",
         leaf(r, extra=[(x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), b"example.com"), False)]), [r.cert])


def mesh():
    # Two roots, a bridge cross-certified with both in both directions: loops, and issuers with several certificates.
    r1, r2, bridge = root("Root 1"), root("Root 2"), root("Bridge")
    cross = [authority(bridge, r1), authority(bridge, r2), authority(r1, bridge), authority(r2, bridge)]
    i1, i2 = CA("Issuing 1"), CA("Issuing 2")
    authority(i1, r1, path=0)
    authority(i2, r2, path=0)
    pool = [bridge.cert, *cross, i1.cert, i2.cert]
    case("mesh/direct", "a loop does not end the search", "ACCEPT", leaf(i1), [r1.cert], pool)
    case("mesh/over-bridge", "r1 → bridge → r2 → issuing", "ACCEPT", leaf(i2), [r1.cert], pool)
    case("mesh/bridge-anchor", "bridge → r2 → issuing", "ACCEPT", leaf(i2), [bridge.cert], pool)
    case("mesh/no-bridge", "nothing leads from r1 to r2", "path_not_found", leaf(i2), [r1.cert], [r2.cert, i1.cert, i2.cert])
    # Three certificates of one CA: expired, path length exhausted, good.
    r = root("Root")
    short = CA("Short")
    authority(short, r, path=0)
    several = CA("Several")
    pool = [short.cert, authority(several, r, end=NOW - DAY), authority(several, short), authority(several, r)]
    case("mesh/first-candidate-fails", "a failing candidate never ends the search", "ACCEPT", leaf(several), [r.cert], pool)
    case("mesh/all-candidates-fail", "the nearest miss is told", "constraint_violated", leaf(several), [r.cert], pool[:3])
    # One name, several keys, and key identifiers that mislead.
    twins = [CA("Twin") for _ in range(4)]
    certs = [authority(t, r) for t in twins]
    misled = x509.AuthorityKeyIdentifier.from_issuer_public_key(twins[3].key.public_key())
    case("mesh/same-name-other-keys", "RFC 4158: identifiers order, never exclude", "ACCEPT", leaf(twins[1], aki=misled), [r.cert], certs)
    case("mesh/missing-twin", "no key of that name signed it", "signature_invalid", leaf(twins[1]), [r.cert], [certs[0], certs[2], certs[3]])
    # A fully cross-certified clique of eight that is reachable at one point only.
    clique = [CA(f"Clique {n}") for n in range(8)]
    pool = [authority(a, b) for a in clique for b in clique if a is not b]
    case("mesh/clique", "states, not simple paths", "ACCEPT", leaf(clique[5]), [r.cert], [*pool, authority(clique[0], r)])
    case("mesh/clique-unreachable", "states, not simple paths", "path_not_found", leaf(clique[5]), [r.cert], pool)
    # The best state depends on what is asked below: a longer path without limits beside a short one with them.
    a, b, end = CA("Near"), CA("Far"), CA("End")
    pool = [authority(a, r, path=0), authority(b, r), authority(a, b), authority(end, a)]
    case("mesh/longer-path-needed", "a state replaces another only if it is as good in everything", "ACCEPT", leaf(end), [r.cert], pool)
    # A ring of two that vouch for each other alone.
    x, y = CA("X"), CA("Y")
    case("mesh/ring", "no anchor", "path_not_found", leaf(x), [r.cert], [authority(x, y), authority(y, x)])


def revocation():
    r = root("Root")
    i = CA("Issuing")
    authority(i, r)
    one = leaf(i)

    def asked(ident, rule, expected, crls, peer=one, pool=(i.cert,), **fields):
        case(f"revocation/{ident}", rule, expected, peer, [r.cert], pool, crls, **fields)

    good = crl(r)
    asked("good", "§6.3.3", "ACCEPT", [good, crl(i)])
    asked("revoked", "§6.3.3", "certificate_revoked", [good, crl(i, [one])])
    asked("revoked-off", "contract: revocation off", "ACCEPT", [good, crl(i, [one])], inputs={"revocation": "off"})
    asked("on-hold", "§5.3.1", "certificate_suspended", [good, crl(i, [(one, x509.ReasonFlags.certificate_hold)])])
    asked("remove-from-crl", "§5.3.1: only in deltas", "ACCEPT", [good, crl(i, [(one, x509.ReasonFlags.remove_from_crl)])])
    asked("ca-revoked", "hard-fail covers every certificate but the anchor", "ca_revoked", [crl(r, [i.cert]), crl(i)])
    asked("no-list", "hard-fail", "revocation_unavailable", [good])
    asked("no-list-of-root", "hard-fail", "revocation_unavailable", [crl(i)])
    asked("none-but-hard", "contract: hard-fail", "revocation_unavailable", [], inputs={"revocation": "hard-fail"})
    asked("none", "contract: none given is off", "ACCEPT", [])
    asked("stale", "§6.3.3", "revocation_unavailable", [good, crl(i, this=NOW - 3 * DAY, following=NOW - DAY)])
    asked("future", "§6.3.3", "revocation_unavailable", [good, crl(i, this=NOW + DAY, following=NOW + 2 * DAY)])
    asked("stale-beside-fresh", "§6.3.3", "ACCEPT", [good, crl(i, [one], this=NOW - 3 * DAY, following=NOW - DAY), crl(i)])
    asked("wrong-signature", "§6.3.3 (g)", "revocation_unavailable", [good, crl(i, key=p256())])
    asked("wrong-issuer", "§6.3.3 (b)", "revocation_unavailable", [good, crl(r, [one])])
    asked("unknown-critical", "§5.2", "revocation_unavailable", [good, crl(i, extra=[(x509.UnrecognizedExtension(UNKNOWN, b"\x05\x00"), True)])])
    asked("unknown", "§5.2", "ACCEPT", [good, crl(i, extra=[(x509.UnrecognizedExtension(UNKNOWN, b"\x05\x00"), False)])])
    asked("entry-unknown-critical", "§5.3", "revocation_unavailable",
          [good, crl(i, [(r.cert, None, [(x509.UnrecognizedExtension(UNKNOWN, b"\x05\x00"), True)])])])
    asked("delta", "deltas are not supported yet", "revocation_unavailable", [good, crl(i, extra=[(x509.DeltaCRLIndicator(1), True)])])
    asked("no-number", "§5.2.3", "revocation_unavailable", [good, crl(i, number=None)])
    asked("no-number-lax", "§6 only", "ACCEPT", [good, crl(i, number=None)], inputs={"lax": True})
    asked("critical-number", "§5.2.3", "revocation_unavailable", [good, crl(i, number_critical=True)])
    asked("serial-twice", "§5.1.2.6", "revocation_unavailable", [good, crl(i, [r.cert], twice=True)])
    mute = CA("Mute")
    authority(mute, r, keyusage=usage("key_cert_sign"))
    asked("no-crl-sign", "§6.3.3 (f)", "revocation_unavailable", [good, crl(mute)], peer=leaf(mute), pool=[mute.cert])
    expired = leaf(i, end=NOW - DAY)
    asked("expired-and-revoked", "contract: the leaf's own fault comes first", "certificate_expired", [good, crl(i, [expired])], peer=expired)
    # A CRL signed by another key of the CA, certified by the root for that alone.
    other = CA("Issuing")
    signer = authority(other, r, keyusage=usage("crl_sign"), bc=False)
    asked("separate-key", "§6.3.3 (f)", "ACCEPT", [good, crl(other)], pool=[i.cert, signer])
    asked("separate-key-revokes", "§6.3.3 (f)", "certificate_revoked", [good, crl(other, [one])], pool=[i.cert, signer])
    asked("separate-key-revoked", "§6.3.3 (f)", "revocation_unavailable", [crl(r, [signer]), crl(other)], pool=[i.cert, signer])
    asked("separate-key-unknown", "§6.3.3 (f)", "revocation_unavailable", [good, crl(other)])
    # The same name under another anchor may not speak for this one.
    foreign_root = root("Foreign Root")
    foreign = CA("Issuing")
    authority(foreign, foreign_root)
    case("revocation/foreign-anchor", "§6.3.3 (f): the same anchor", "revocation_unavailable", one, [r.cert, foreign_root.cert], [i.cert, foreign.cert],
         [good, crl(foreign), crl(foreign_root)])


def shapes():
    r = root("Root")
    one = leaf(r)
    der = one.public_bytes(serialization.Encoding.DER)

    case("shape/trailing", "X.690", "certificate_malformed", raw(der + b"\x00"), [r.cert])
    case("shape/truncated", "X.690", "certificate_malformed", raw(der[:-1]), [r.cert])
    case("shape/empty", "X.690", "certificate_malformed", raw(b"\x30\x00"), [r.cert])
    case("shape/not-pem", "RFC 7468", "certificate_malformed", "hello", [r.cert])
    case("shape/missing", "contract", "certificate_missing", "", [r.cert])
    case("shape/bad-pool", "contract: a pool's unparsable certificate is skipped", "ACCEPT", one, [r.cert, raw(b"\x30\x00"), "x"], [raw(der[:-3])], ["x"], inputs={"revocation": "off"})
    case("shape/no-usable-anchor", "contract", "path_not_found", one, [raw(b"\x30\x00")])
    case("shape/nulls", "contract: absent, null and empty mean the same", "ACCEPT", one, [r.cert],
         key_usage=None, extended_key_usage=[], max_chain_depth=None, signature_algorithms=None, inputs=None, unknown={"a": [1]})
    cases[-1].update(untrusted_intermediates=None, crls=None)
    tampered = bytearray(der)
    tampered[-5] ^= 1
    case("shape/tampered", "§6.1.3 (a)(1)", "signature_invalid", raw(bytes(tampered)), [r.cert])


for part in [chains, validity, constraints, purposes, profile, mesh, revocation, shapes]:
    part()
json.dump({"testcases": cases}, sys.stdout, indent=1)
