"""Random plain chains: one certificate at each step, so that what is compared is the rules and not the search."""
import base64
import random

from . import der, extensions as ext, keys, names
from .authority import CA, DAY, NOW, Seed, armored, entry

POLICIES = ["1.3.6.1.4.1.55738.1", "1.3.6.1.4.1.55738.2", ext.ANY_POLICY]
ORGANIZATIONS = ["Red", "Green"]
HOSTS = ["example.com", "a.example.com", "example.org"]
MAILBOXES = ["a@example.com", "b@example.com", "a@mail.example.com", "a@example.org"]
MAIL_BASES = ["example.com", ".example.com", "a@example.com"]
URIS = ["https://example.com/", "https://a.example.com:8443/x", "http://example.org/y"]
URI_BASES = ["example.com", ".example.com"]
ADDRESSES = ["192.0.2.1", "192.0.2.200", "198.51.100.7", "2001:db8::1"]
NETWORKS = ["192.0.2.0/25", "192.0.2.0/24", "2001:db8::/32"]


def _key(chance, number):
    kind = chance.random()
    if kind < 0.75:
        return keys.elliptic(f"plain/{number}")
    return keys.rsa_key() if kind < 0.85 else keys.elliptic(f"plain/{number}", "P-384")


def _base(chance):
    kind = chance.randrange(5)
    if kind == 0:
        return names.dns(chance.choice(HOSTS))
    if kind == 1:
        return names.email(chance.choice(MAIL_BASES))
    if kind == 2:
        return names.uri(chance.choice(URI_BASES))
    if kind == 3:
        return names.ip(chance.choice(NETWORKS))
    return names.directory(names.dn((names.COUNTRY, "CN"), (names.ORGANIZATION, chance.choice(ORGANIZATIONS))))


def _alternative(chance):
    pool = [*map(names.dns, HOSTS), *map(names.email, MAILBOXES), *map(names.uri, URIS), *map(names.ip, ADDRESSES)]
    return ext.alternative(*chance.sample(pool, chance.randint(1, 3)))


def _shared(chance):
    own = []
    if chance.random() < 0.6:
        own.append(ext.policies(*chance.sample(POLICIES, chance.randint(1, 2))))
    if chance.random() < 0.1:
        own.append(ext.purposes(*chance.sample([ext.CLIENT, ext.SERVER, ext.MAIL], 2)))
    if chance.random() < 0.05:
        own.append(ext.unknown(chance.random() < 0.5))
    return own


def _authority(chance, asserted):
    own = [ext.basic(ca=chance.random() > 0.03, path=chance.randint(0, 3) if chance.random() < 0.25 else None)]
    if chance.random() < 0.04:
        own.append(ext.usage("cRLSign"))
    if chance.random() < 0.3:
        bases = [_base(chance) for _ in range(chance.randint(1, 2))]
        own.append(ext.constraints(bases) if chance.random() < 0.6 else ext.constraints(excluded=bases))
    if asserted and chance.random() < 0.2:
        own.append(ext.mappings((POLICIES[0], POLICIES[1])))
    if chance.random() < 0.1:
        own.append(ext.policy_constraints(explicit=chance.randint(0, 2), mapping=chance.randint(0, 2) if chance.random() < 0.5 else None))
    if chance.random() < 0.08:
        own.append(ext.inhibit_any(chance.randint(0, 2)))
    return own


def _period(chance):
    kind = chance.random()
    return {"end": NOW - DAY} if kind < 0.03 else {"start": NOW + DAY} if kind < 0.06 else {}


def chain(number):
    """One line of the batch."""
    Seed.begin(f"plain/{number}")
    chance = random.Random(number)
    cas = [CA(names.common(f"CA {level}", chance.choice(ORGANIZATIONS)), key=_key(chance, f"{number}/{level}")) for level in range(chance.randint(1, 4))]
    pool = []
    for above, below in zip(cas, cas[1:]):
        own = _shared(chance)
        own += _authority(chance, any(one.oid == ext.POLICIES for one in own))
        signer = {"key": keys.elliptic("nobody")} if chance.random() < 0.03 else {}
        pool.append(above.certify(below, *own, **_period(chance), **signer))
    alternative = [_alternative(chance)] if chance.random() < 0.7 else []
    leaf = cas[-1].leaf(*_shared(chance), *alternative, subject=names.common(f"Leaf {number}", chance.choice(ORGANIZATIONS)), **_period(chance))
    lists = _lists(chance, cas, pool, leaf) if chance.random() < 0.3 else []
    inputs = {"initial_policy_set": [POLICIES[chance.randrange(2)]] if chance.random() < 0.3 else [],
              "initial_explicit_policy": chance.random() < 0.3, "initial_policy_mapping_inhibit": chance.random() < 0.15,
              "initial_any_policy_inhibit": chance.random() < 0.15}
    chance.shuffle(pool)
    return {"id": f"plain/{number}", "peer_certificate": leaf.pem, "trusted_certs": [cas[0].anchor.pem],
            "untrusted_intermediates": [one.pem for one in pool], "crls": [one.pem for one in lists],
            "validation_time": NOW.isoformat(), "validation_kind": "CLIENT", "inputs": inputs}


def _lists(chance, cas, pool, leaf):
    issued = [*pool, leaf]
    lists = []
    for ca, below in zip(cas, issued):
        # OpenSSL wants the anchor itself cleared as well, so its list is never for users only.
        own = [ext.issuing_point(user=True)] if chance.random() < 0.08 and ca is not cas[0] else []
        own = own or ([ext.issuing_point(ca=True)] if chance.random() < 0.08 else [])
        period = {"this": NOW - 3 * DAY, "following": NOW - DAY} if chance.random() < 0.05 else {}
        if chance.random() > 0.05:
            lists.append(ca.crl(*own, revoked=[below] if chance.random() < 0.06 else [entry(der.integer(99))], **period))
    return lists


def flipped(pem, count):
    """The certificate with one bit flipped, `count` times at places that are spread over it."""
    data = base64.b64decode("".join(line for line in pem.splitlines() if not line.startswith("-")))
    step = max(1, len(data) * 8 // count)
    for bit in range(0, len(data) * 8, step):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        yield armored(bytes(changed))
