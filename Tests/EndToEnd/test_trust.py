"""A CA taken in without a release: drafted, tried, applied to the running demo, and taken back, while an open session goes on."""
import datetime
import json
import pathlib
import subprocess
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

import hall

NOW = datetime.datetime.now(datetime.timezone.utc)
USAGES = dict.fromkeys(["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"], False)


def name(common, number=None):
    parts = [x509.NameAttribute(NameOID.SERIAL_NUMBER, number)] if number else []
    return x509.Name(parts + [x509.NameAttribute(NameOID.COMMON_NAME, common)])


def issue(subject, key, issuer, issuer_key, *, ca, usages, client=False):
    builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
               .serial_number(x509.random_serial_number()).not_valid_before(NOW - datetime.timedelta(hours=1))
               .not_valid_after(NOW + datetime.timedelta(days=30))
               .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
               .add_extension(x509.KeyUsage(**{**USAGES, **dict.fromkeys(usages, True)}), critical=True)
               .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
               .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False))
    if client:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def revocation_list(issuer, key):
    return (x509.CertificateRevocationListBuilder().issuer_name(issuer).last_update(NOW - datetime.timedelta(minutes=5))
            .next_update(NOW + datetime.timedelta(days=7)).add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256()))


def pem(thing):
    return thing.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory):
    """A CA that the demo never heard of, and a person with its certificate."""
    folder = tmp_path_factory.mktemp("newcomer")
    root_key, key, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    signs = ["key_cert_sign", "crl_sign"]
    root = issue(name("南粤根CA"), root_key, name("南粤根CA"), root_key, ca=True, usages=signs)
    issuing = issue(name("南粤CA"), key, root.subject, root_key, ca=True, usages=signs)
    leaf = issue(name("许知远", "IDCCN-44000019000101006X"), own, issuing.subject, key, ca=False, usages=["digital_signature"], client=True)
    (folder / "chain.pem").write_bytes(pem(issuing) + pem(root))
    (folder / "none.pem").write_bytes(pem(issuing))
    (folder / "person.pem").write_bytes(pem(leaf))
    (folder / "person.key").write_bytes(own.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    (folder / "root.crl").write_bytes(pem(revocation_list(root.subject, root_key)))
    (folder / "issuing.crl").write_bytes(pem(revocation_list(issuing.subject, key)))
    return folder


def person(folder):
    return {"certificate": str(folder / "person.pem"), "chain": str(folder / "none.pem"), "key": str(folder / "person.key"),
            "by": ["tls", "challenge"]}


# The issuing CA comes with the certificate: a CA of that name is there, a path is not.
UNKNOWN = {"issuer_unknown", "path_not_found"}


def trust(demo, command, *arguments, check=True):
    return demo.hallpass("trust", command, "--config", demo.config, *arguments, check=check)


def eventually(wanted, seconds=10):
    end = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_new_ca_logs_people_in_without_a_restart_and_is_taken_back(demo, newcomer, tmp_path):
    open_session, code = demo.log_in(demo.person(kind="master", expect="login"))
    assert code is None
    in_force = hall.ROOT / demo.description["trust"]
    before = in_force.read_text()
    assert demo.log_in(person(newcomer))[1] in UNKNOWN

    draft = tmp_path / "draft"
    trust(demo, "add", "--draft", str(draft), "--chain", str(newcomer / "chain.pem"), "--anchor", "--name", "南粤CA", "--profile", "etsi",
          "--crl", str(newcomer / "root.crl"), "--crl", str(newcomer / "issuing.crl"))
    assert in_force.read_text() == before
    tried = json.loads(trust(demo, "try", "--draft", str(draft), "--json", str(newcomer / "person.pem")).stdout)
    assert tried[0]["verdict"]["name"] == "许知远" and tried[0]["verdict"]["kinds"] == ["personal"]
    assert tried[0]["in_force"]["code"] == "issuer_unknown"
    diff = json.loads(trust(demo, "diff", "--draft", str(draft), "--json").stdout)
    assert {change["what"] for change in diff["changes"]} == {"anchor", "authority", "ca", "revocation_list"}
    assert diff["lost_sessions"] == 0

    trust(demo, "apply", "--draft", str(draft), "--note", "南粤CA上线")
    try:
        eventually(lambda: demo.log_in(person(newcomer))[1] is None)
        newcomer_session, code = demo.log_in(person(newcomer))
        assert code is None and demo.who(newcomer_session)
        assert demo.log_in_by_tls(person(newcomer))[1] is None
        assert demo.who(open_session), "a session that rests on another CA goes on"
        shown = trust(demo, "show").stdout
        assert "南粤CA上线" in shown and "南粤根CA" in shown
    finally:
        trust(demo, "rollback")
    eventually(lambda: demo.who(newcomer_session) is None)
    assert demo.log_in(person(newcomer))[1] in UNKNOWN
    assert demo.who(open_session)
    assert in_force.read_text() == before
    events = [json.loads(line) for line in demo.hallpass("audit", "list", "--config", demo.config, "--json").stdout.splitlines()]
    kinds = [event["kind"] for event in events if event["kind"].startswith("trust.")]
    assert kinds[:3] == ["trust.rolled_back", "trust.applied", "trust.edited"]
    assert demo.hallpass("audit", "verify", "--config", demo.config).stdout.startswith("whole")


@pytest.mark.parametrize("fault", ["unknown field", "expired entry", "missing certificate"])
def test_a_draft_that_is_wrong_is_refused_with_its_line_and_the_list_in_force_stays(demo, newcomer, tmp_path, fault):
    in_force = hall.ROOT / demo.description["trust"]
    before = in_force.read_text()
    draft = tmp_path / "draft"
    trust(demo, "add", "--draft", str(draft), "--chain", str(newcomer / "chain.pem"), "--anchor", "--name", "南粤CA", "--profile", "etsi")
    listed = draft / in_force.name
    lines = listed.read_text().splitlines()
    at = lines.index('    name: "南粤CA"') + 1
    if fault == "missing certificate":
        named = lines[lines.index("anchors:") + 1].split("- ")[1]
        (draft / named).unlink()
        at = lines.index("anchors:") + 1
    else:
        lines.insert(at, "    colour: red" if fault == "unknown field" else "    valid_until: 2025-01-01")
        listed.write_text("\n".join(lines) + "\n")
    result = trust(demo, "apply", "--draft", str(draft), check=False)
    assert result.returncode == 1
    assert result.stderr.splitlines()[0].startswith(f"{listed}:{at + 1}: "), result.stderr
    assert in_force.read_text() == before
    session, code = demo.log_in(demo.person(kind="master", expect="login"))
    assert code is None and demo.who(session)


def test_wrong_usage_is_told_as_such(demo):
    assert trust(demo, "rollback", "--force", check=False).returncode == 64
    assert trust(demo, "apply", "--draft", "/nonexistent", check=False).returncode == 1
