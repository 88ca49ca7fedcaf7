"""The chains and meshes that `make bench` gives to ours and to the peers alike, as PEM files; made once, kept in .build/bench."""
import datetime
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
YEAR = datetime.timedelta(days=365)
USAGES = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
          "encipher_only", "decipher_only"]


def new_key(kind="p256"):
    return rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())


class Party:
    """A name and a key that certificates can be about."""

    def __init__(self, name, kind="p256"):
        self.name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "hallpass bench"),
                               x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.key = new_key(kind)
        self.identifier = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())

    def certifies(self, subject, is_authority=True, identifiers=True, path_length=None):
        usage = {name: name in (["key_cert_sign", "crl_sign"] if is_authority else ["digital_signature"]) for name in USAGES}
        builder = (x509.CertificateBuilder().subject_name(subject.name).issuer_name(self.name).public_key(subject.key.public_key())
                   .serial_number(x509.random_serial_number()).not_valid_before(NOW - YEAR).not_valid_after(NOW + YEAR)
                   .add_extension(x509.BasicConstraints(is_authority, path_length), True).add_extension(x509.KeyUsage(**usage), True))
        if not is_authority:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False)
        if identifiers:
            builder = builder.add_extension(subject.identifier, False)
            builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self.identifier), False)
        return builder.sign(self.key, hashes.SHA256())


class Files:
    """ANCHORS, POOL and LEAF as the programs take them."""

    def __init__(self, folder, name):
        self.paths = [pathlib.Path(folder) / f"{name}.{part}.pem" for part in ["anchors", "pool", "leaf"]]

    def made(self, make):
        if not all(path.is_file() and path.stat().st_mtime > (NOW - YEAR / 2).timestamp() for path in self.paths):
            for path, certificates in zip(self.paths, make()):
                path.write_bytes(b"".join(each.public_bytes(serialization.Encoding.PEM) for each in certificates))
        return self.paths


def chain(folder, kind):
    """Three certificates, all with keys of this kind."""
    def make():
        root, middle, leaf = (Party(f"{kind} {role}", kind) for role in ["root", "intermediate", "leaf"])
        return [root.certifies(root)], [root.certifies(middle)], [middle.certifies(leaf, is_authority=False)]
    return Files(folder, f"chain-{kind}").made(make)


def cross_certified(folder, reachable, named, count=20):
    """CAs that all certify each other. The anchor certifies the first, or (not reachable) none; the last issues the leaf.
    `named`: names of their own and key identifiers; otherwise one name for all and no key identifiers."""
    def make():
        anchor, leaf = Party("anchor"), Party("leaf")
        authorities = [Party(f"CA {number}" if named else "one name for all") for number in range(count)]
        pool = [issuer.certifies(subject, identifiers=named) for issuer in authorities for subject in authorities if issuer is not subject]
        if reachable:
            pool.append(anchor.certifies(authorities[0], identifiers=named))
        return [anchor.certifies(anchor)], pool, [authorities[-1].certifies(leaf, is_authority=False, identifiers=named)]
    return Files(folder, f"mesh-{count}{'' if reachable else '-unreachable'}{'' if named else '-one-name'}").made(make)


def hierarchies(folder, count):
    """`count` CA certificates in hierarchies of 25: a root, 4 CAs below it, 15 below those, and the root certified by up to 5 others.
    The first root is the anchor."""
    def make():
        roots, pool, leaf = [Party(f"root {number}") for number in range(max(count // 25, 1))], [], None
        for number, root in enumerate(roots):
            others = [roots[(number + step) % len(roots)] for step in (1, 2, 4, 8, 16)]
            pool += [other.certifies(root) for other in dict.fromkeys(others) if other is not root]
            pool.append(root.certifies(root))
            middles = [Party(f"CA {number}.{each}") for each in range(4)]
            pool += [root.certifies(middle) for middle in middles]
            while len(pool) < (number + 1) * count // len(roots):
                issuing = Party(f"CA {number}.{len(pool)}")
                pool.append(middles[len(pool) % 4].certifies(issuing))
                leaf = issuing.certifies(Party("leaf"), is_authority=False)
        return [roots[0].certifies(roots[0])], pool, [leaf]
    return Files(folder, f"hierarchies-{count}").made(make)
