"""What the fuzzers begin with: the certificates and CRLs of NIST PKITS, messages made by openssl, a few inputs of our own making."""
import base64
import json
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "Tests" / "PKITests" / "Fixtures"
# The content that Entries/SignedMessageEntry.swift asks for.
CONTENT = b"hallpass fuzzing"


def of(entry):
    return {"certificate": certificates, "crl": lists, "cms": messages, "ocsp": responses, "verdict": meshes, "trust-list": trust_lists}[entry]()


def blocks(label, text):
    return [base64.b64decode(each) for each in re.findall(rf"-----BEGIN {label}-----(.*?)-----END {label}-----", text, re.S)]


def pkits():
    return [case for path in FIXTURES.glob("pkits*.json") for case in json.loads(path.read_text())["testcases"]]


def certificates():
    texts = {text for case in pkits() for text in [case["peer_certificate"], *case["trusted_certs"], *case["untrusted_intermediates"]]}
    return sorted(der for text in texts for der in blocks("CERTIFICATE", text))


def lists():
    texts = {text for case in pkits() for text in case.get("crls") or []}
    return sorted(der for text in texts for der in blocks("X509 CRL", text)) + [text.encode() for text in sorted(texts)[:3]]


EXTENSIONS = """[req]
distinguished_name=name
prompt=no
[name]
C=CN
O=fuzz
CN=fuzz
[leaf]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth,OCSPSigning
subjectAltName=otherName:1.2.3;UTF8:91440000PDY00001XK,email:fuzz@example.test,dirName:name
"""


class OpenSSL:
    """Debian's openssl in a folder of its own, with a self-signed certificate of each kind of key."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        (self.folder / "extensions").write_text(EXTENSIONS)
        (self.folder / "content").write_bytes(CONTENT)

    def run(self, *arguments):
        return subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True).stdout

    def certificate(self, name, *key):
        self.run("req", "-x509", *key, "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem", "-config", "extensions", "-extensions", "leaf",
                 "-days", "30")
        return name


KEYS = {"rsa": ["-newkey", "rsa:2048"], "p256": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
        "p384": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"]}


def messages():
    made = []
    with tempfile.TemporaryDirectory() as folder:
        tool = OpenSSL(folder)
        for name in [tool.certificate(name, *key) for name, key in KEYS.items()]:
            for options in [[], ["-nodetach"], ["-noattr"], ["-nodetach", "-keyid"], ["-nosmimecap", "-md", "sha512"], ["-nocerts"]]:
                made.append(tool.run("cms", "-sign", "-binary", "-in", "content", "-signer", f"{name}.pem", "-inkey", f"{name}.key", "-outform",
                                     "DER", *options))
    return made


def responses():
    made = []
    with tempfile.TemporaryDirectory() as folder:
        tool = OpenSSL(folder)
        (tool.folder / "index").write_text("V\t400101000000Z\t\t01\tunknown\t/CN=a\nR\t400101000000Z\t260101000000Z,keyCompromise\t02\tunknown\t/CN=b\n")
        for name in [tool.certificate(name, *key) for name, key in KEYS.items()]:
            tool.run("ocsp", "-issuer", f"{name}.pem", "-serial", "1", "-serial", "2", "-serial", "3", "-reqout", "request")
            tool.run("ocsp", "-issuer", f"{name}.pem", "-serial", "1", "-no_nonce", "-reqout", "plain")
            for request, options in [("request", []), ("plain", ["-resp_key_id"]), ("plain", ["-resp_no_certs"]), ("request", ["-ndays", "7"])]:
                tool.run("ocsp", "-index", "index", "-CA", f"{name}.pem", "-rsigner", f"{name}.pem", "-rkey", f"{name}.key", "-reqin", request,
                         "-respout", "response", *options)
                made.append((tool.folder / "response").read_bytes())
    return made + [bytes.fromhex("30030a0106")]


def block(value):
    return bytes([len(value)]) + value


def extensions(*members):
    """(index into the table of Entries/FuzzInput.swift, critical, DER value in hexadecimal)"""
    return bytes([len(members)]) + b"".join(bytes([which | critical << 7]) + block(bytes.fromhex(value)) for which, critical, value in members)


NONE = extensions()
ANY_POLICY, POLICY_1, POLICY_2 = "30063004060 4551d2000".replace(" ", ""), "3007300506032a0301", "3007300506032a0302"
MAPPING = "300c300a06032a030106032a0302"
NAMED_UPPER = "3013a011300fa40d300b3109300706035504030c00"


def meshes():
    """flags, then upper, lower, lower straight from root, leaf, then for each of three lists its entries and extensions."""
    lists = (b"\x00" + NONE) * 3
    plain = NONE * 4 + lists
    policies = extensions((3, 0, POLICY_1)) * 4 + lists
    mapped = extensions((3, 0, POLICY_1), (4, 1, MAPPING)) + extensions((3, 0, POLICY_2)) * 3 + lists
    constrained = extensions((0, 1, "30060101ff020100"), (5, 1, "3006800100810100"), (6, 1, "020100")) + extensions((3, 0, ANY_POLICY)) * 3 + lists
    named = extensions((7, 1, NAMED_UPPER)) + NONE + NONE + extensions((8, 0, "300d820b6578616d706c652e6e6574")) + lists
    usages = extensions((1, 1, "03020106"), (2, 0, "300a06082b06010505070302")) + NONE * 3 + lists
    revoked = NONE * 4 + b"\x01\x02" + NONE + NONE + b"\x00" + NONE + b"\x01\x05" + extensions((15, 0, "0a0106")) + NONE
    partial = NONE * 3 + extensions((10, 0, "300f300da00ba009820752686f73742e78")) + b"\x00" + extensions((11, 1, "3003820101")) + lists
    return [bytes([flags]) + body for body in [plain, policies, mapped, constrained, named, usages, revoked, partial] for flags in [0, 2, 0x31, 0xF2]]


# The names are those of Entries/FuzzFiles.swift.
TAKEN = """version: 1
anchors: [root.pem]
authorities: [ca.pem]
revocation_lists: [list.crl]
"""
RULES = """cas:
  - certificate: ca.pem
    name: CA
    revocation: soft
    soft: {grace: 4h, assurance: a}
    revocation_sources: {lists: ["http://a.test/l.crl", "ldap://a.test/cn=a?cRLDistributionPoint"], ocsp: "http://a.test/o", refresh: 5m}
    assurance_by_policy: [{policy: 1.2.3.*, acr: b}]
    valid_from: 2026-01-01
    valid_until: 2027-01-01T00:00:00Z
    signer_id: "1234567812345678"
"""
RECOGNITIONS = """recognitions:
  - name: R
    root: root.pem
    ca: ca.pem
    type: [{oid: 2.5.4.10, equals: A}]
    policies: ["1.2.3.*"]
    status: [{granted: 2024-01-01}, {withdrawn: 2027-01-01}]
"""


def trust_lists():
    taken = [TAKEN, TAKEN + RULES, TAKEN + RECOGNITIONS, TAKEN + RULES + RECOGNITIONS]
    return [path.read_bytes() for path in sorted((ROOT / "ca").glob("*.yaml"))] + [text.encode() for text in taken]
