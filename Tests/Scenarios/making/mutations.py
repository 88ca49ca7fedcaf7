"""Certificates that were changed at random in one or two places of their ASN.1 and signed again, so that the signature never is what is wrong."""
import random

from . import der, extensions as ext, names
from .authority import CA, NOW, Made, Seed, armored, entry


class Value:
    """One DER value: children when it holds others (also inside of an OCTET STRING), else content."""

    def __init__(self, tag, content=b"", children=None):
        self.tag, self.content, self.children = tag, content, children
        self.padded = False

    def encode(self):
        content = b"".join(child.encode() for child in self.children) if self.children is not None else self.content
        if not self.padded:
            return bytes([self.tag]) + der.length(len(content)) + content
        octets = len(content).to_bytes(3, "big")
        return bytes([self.tag, 0x83]) + octets + content

    def all(self):
        yield self
        for child in self.children or []:
            yield from child.all()


def read(data):
    """All values of `data`; None where it is not DER."""
    values = []
    while data:
        if len(data) < 2:
            return None
        size, start = data[1], 2
        if size & 0x80:
            start = 2 + (size & 0x7F)
            size = int.from_bytes(data[2:start], "big")
        if start + size > len(data) or data[0] & 0x1F == 0x1F:
            return None
        content = data[start:start + size]
        inner = read(content) if content and (data[0] & 0x20 or data[0] == 0x04) else None
        values.append(Value(data[0], content, inner))
        data = data[start + size:]
    return values


def _flip(chance, value):
    place = chance.randrange(len(value.content)) if value.content else 0
    content = bytearray(value.content or b"\x00")
    content[place] ^= 1 << chance.randrange(8)
    value.content, value.children = bytes(content), None


def _cut(chance, value):
    value.content, value.children = value.content[:-1], None


def _grow(chance, value):
    value.content, value.children = value.content + bytes([chance.randrange(256)]), None


def _empty(chance, value):
    value.content, value.children = b"", None


def _retag(chance, value):
    value.tag = chance.choice([0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0C, 0x13, 0x16, 0x17, 0x18, 0x1E, 0x30, 0x31, 0x80, 0x82, 0xA0, 0xA3, value.tag ^ 0x20])


def _pad(chance, value):
    value.padded = True


def _lose_child(chance, value):
    if value.children:
        value.children.pop(chance.randrange(len(value.children)))


def _double_child(chance, value):
    if value.children:
        value.children.insert(chance.randrange(len(value.children) + 1), chance.choice(value.children))


def _swap_children(chance, value):
    if value.children and len(value.children) > 1:
        one, two = chance.sample(range(len(value.children)), 2)
        value.children[one], value.children[two] = value.children[two], value.children[one]


def _nest(chance, value):
    value.children = [Value(value.tag, value.content, value.children)]


MUTATIONS = [_flip, _flip, _flip, _cut, _grow, _empty, _retag, _pad, _lose_child, _double_child, _swap_children, _nest]


def mutate(chance, encoded):
    root = read(encoded)[0]
    for _ in range(chance.choice([1, 1, 1, 2])):
        chance.choice(MUTATIONS)(chance, chance.choice(list(root.all())))
    return root.encode()


def _rich_leaf(issuing):
    return issuing.leaf(
        ext.basic(ca=False), ext.alternative(names.dns("a.example.com"), names.email("a@example.com"), names.uri("https://a.example.com/"),
                                             names.ip("192.0.2.1"), names.directory(names.common("A"))),
        ext.policies("1.3.6.1.4.1.55738.1"), ext.subject_key(b"leaf"),
        ext.distribution_points(ext.distribution_point([names.uri("http://crl.example.com/x.crl")])),
        ext.Extension("1.3.6.1.5.5.7.1.1", False, der.sequence(der.sequence(der.oid("1.3.6.1.5.5.7.48.2"), names.uri("http://ca.example.com/")))),
        ext.unknown(False))


def mutated(number):
    """One line of the batch: Root → Issuing → Leaf; the leaf, or now and then the issuing CA's certificate, is mutated."""
    Seed.begin(f"mutated/{number}")
    chance = random.Random(number)
    root, issuing = CA("Root"), CA("Issuing")
    below = root.certify(issuing, ext.policies("1.3.6.1.4.1.55738.1"), ext.constraints([names.dns("example.com")]), path=1)
    leaf = _rich_leaf(issuing)
    if chance.random() < 0.75:
        leaf = resigned(mutate(chance, leaf.tbs), issuing)
    else:
        below = resigned(mutate(chance, below.tbs), root)
    return {"id": f"mutated/{number}", "peer_certificate": leaf.pem, "trusted_certs": [root.anchor.pem], "untrusted_intermediates": [below.pem],
            "crls": [], "validation_time": NOW.isoformat(), "validation_kind": "CLIENT", "inputs": {}}


def resigned(tbs, issuer):
    return Made(der.sequence(tbs, issuer.key.algorithm(), der.bits(issuer.key.sign(tbs))))


def mutated_list(number):
    """Root → Leaf, Root's list mutated."""
    Seed.begin(f"mutated-list/{number}")
    chance = random.Random(number)
    root = CA("Root")
    leaf = root.leaf()
    revoked = [leaf] if chance.random() < 0.5 else []
    whole = read(root.crl(ext.issuing_point(user=True), revoked=[*revoked, entry(der.integer(99))]).der)[0]
    tbs = mutate(chance, whole.children[0].encode())
    text = armored(der.sequence(tbs, root.key.algorithm(), der.bits(root.key.sign(tbs))), "X509 CRL")
    return {"id": f"mutated-list/{number}", "peer_certificate": leaf.pem, "trusted_certs": [root.anchor.pem], "untrusted_intermediates": [],
            "crls": [text], "validation_time": NOW.isoformat(), "validation_kind": "CLIENT", "inputs": {}}
