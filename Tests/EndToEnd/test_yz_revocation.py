"""A list that arrives at a running server: whoever it revokes is out, and no older list lets them back in. Late, as it takes a person away."""
import datetime
import os
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

import hall


def replace(path, content):
    """Written aside and renamed, as docs/trust-list.md asks."""
    aside = path.with_suffix(".new")
    aside.write_bytes(content)
    os.replace(aside, path)


def revoking(demo, ca, person):
    """The CA's next list: all of the last one, and this person's certificate."""
    folder = hall.ROOT / demo.folder / "federation"
    path = folder / "crls" / f"{ca}.crl"
    last = x509.load_der_x509_crl(path.read_bytes())
    issuer = x509.load_pem_x509_certificate((folder / "cas" / f"{ca}.pem").read_bytes())
    key = serialization.load_pem_private_key((folder / "cas" / f"{ca}.key").read_bytes(), None)
    certificate = x509.load_pem_x509_certificate((hall.ROOT / person["certificate"]).read_bytes())
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    number = last.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    builder = (
        x509.CertificateRevocationListBuilder().issuer_name(issuer.subject).last_update(now).next_update(now + datetime.timedelta(days=20))
        .add_extension(last.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value, False)
        .add_extension(x509.CRLNumber(number + 1), False))
    for entry in last:
        builder = builder.add_revoked_certificate(entry)
    entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(now).build()
    return path, builder.add_revoked_certificate(entry).sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def test_a_revoked_leaf_is_out_and_an_older_list_does_not_let_it_back_in(demo):
    person = next(p for p in demo.people if p["kind"] == "personal" and p["expect"] == "login" and p["ca"].startswith("岭云"))
    session, code = demo.log_in_by_challenge(person)
    assert code is None and demo.who(session)
    path, content = revoking(demo, "lingyun-issuing", person)
    old = path.read_bytes()
    started = time.monotonic()
    replace(path, content)
    while demo.who(session) and time.monotonic() - started < 10:
        time.sleep(0.02)
    print(f"out after {time.monotonic() - started:.2f} s")
    assert demo.who(session) is None
    assert demo.log_in_by_challenge(person)[1] == "certificate_revoked"
    assert demo.log_in_by_tls(person)[1] == "certificate_revoked"

    replace(path, old)
    time.sleep(1)  # so that the older file is read; nothing is to happen
    assert demo.log_in_by_challenge(person)[1] == "certificate_revoked"
    replace(path, content)
