"""Signature algorithms, keys and their floors: RFC 4055, RFC 5758, RFC 8410, RFC 5480."""
from making import der, extensions as ext, keys
from making.authority import CA
from making.keys import edwards, elliptic, pss_algorithm, rsa_key
from making.scenario import accept, reject, scenario, unless_lax


def by(key, **options):
    """Root (this key) → Leaf (signed so)."""
    root = CA("Root", key=key)
    return root.leaf(**options), [root.anchor]


def good(key, **options):
    return accept(*by(key, **options))


def bad(code, key, **options):
    leaf, anchors = by(key, **options)
    return reject(code, leaf, leaf, anchors)


def pss(salt=32, mask="sha256", digest="sha256", **parameters):
    """What `leaf` takes to be signed with RSASSA-PSS."""
    key = rsa_key()
    algorithm = parameters.pop("algorithm", None) or pss_algorithm(digest, salt, mask, **parameters)
    return {"algorithm": algorithm, "signature": lambda tbs: key.sign_pss(tbs, digest, salt, mask)}


@scenario
def rsa():
    """Root (RSA 2048) → Leaf (sha256WithRSAEncryption)

    RFC 4055 §5.
    """
    return good(rsa_key())


@scenario
def rsa_with_sha384():
    """Root (RSA 2048) → Leaf (sha384WithRSAEncryption)

    RFC 4055 §5.
    """
    return good(rsa_key(), digest="sha384")


@scenario
def rsa_with_sha512():
    """Root (RSA 2048) → Leaf (sha512WithRSAEncryption)

    RFC 4055 §5.
    """
    return good(rsa_key(), digest="sha512")


@scenario
def rsa_without_null():
    """Root (RSA 2048) → Leaf (sha256WithRSAEncryption without parameters)

    RFC 4055 §5: "implementations MUST accept the parameters being absent as well as present."
    """
    return good(rsa_key(), algorithm=der.sequence(der.oid(keys.RSA["sha256"])))


@scenario
def rsa_with_a_parameter():
    """Root (RSA 2048) → Leaf (sha256WithRSAEncryption, parameter an INTEGER)

    RFC 4055 §5: "the parameters MUST be NULL" or absent.
    """
    return bad("algorithm_not_permitted", rsa_key(), algorithm=der.sequence(der.oid(keys.RSA["sha256"]), der.integer(1)))


@scenario
def rsa_with_sha1():
    """Root (RSA 2048) → Leaf (sha1WithRSAEncryption)

    The floor of docs/validation.md: SHA-1 is broken (RFC 6194, SHAttered).
    """
    return bad("algorithm_not_permitted", rsa_key(), digest="sha1", signature=lambda tbs: b"\x00" * 256)


@scenario
def rsa_with_md5():
    """Root (RSA 2048) → Leaf (md5WithRSAEncryption)

    The floor of docs/validation.md: MD5 is broken (RFC 6151 §2.3).
    """
    return bad("algorithm_not_permitted", rsa_key(), digest="md5", signature=lambda tbs: b"\x00" * 256)


@scenario
def ecdsa_with_sha1():
    """Root (P-256) → Leaf (ecdsa-with-SHA1)

    The floor of docs/validation.md.
    """
    return bad("algorithm_not_permitted", elliptic("algorithms"), digest="sha1")


@unless_lax
def leaf_with_rsa_1024():
    """Root → Leaf (RSA 1024)

    The floor of docs/validation.md: NIST SP 800-131A rev. 2 §3.
    """
    root = CA("Root")
    leaf = root.leaf(public=rsa_key(1024))
    return reject("algorithm_not_permitted", leaf, leaf, [root.anchor])


@scenario
def root_with_rsa_1024():
    """Root (RSA 1024) → Leaf

    The floor of docs/validation.md: NIST SP 800-131A rev. 2 §3.
    """
    leaf, anchors = by(rsa_key(1024))
    return reject("algorithm_not_permitted", None, leaf, anchors)


@scenario
def intermediate_with_rsa_1024():
    """Root → Issuing (RSA 1024) → Leaf

    The floor of docs/validation.md, of an intermediate.
    """
    root, issuing = CA("Root"), CA("Issuing", key=rsa_key(1024))
    return reject("algorithm_not_permitted", None, issuing.leaf(), [root.anchor], [root.certify(issuing)])


@unless_lax
def leaf_with_p224():
    """Root → Leaf (P-224)

    The floor of docs/validation.md: no curve of fewer than 256 bits.
    """
    root = CA("Root")
    leaf = root.leaf(public=elliptic("p224", "P-224"))
    return reject("algorithm_not_permitted", leaf, leaf, [root.anchor])


@scenario
def root_with_p224():
    """Root (P-224) → Leaf

    The floor of docs/validation.md.
    """
    leaf, anchors = by(elliptic("p224", "P-224"))
    return reject("algorithm_not_permitted", None, leaf, anchors)


@scenario
def root_with_secp256k1():
    """Root (secp256k1) → Leaf

    RFC 5480 §2.1.1.1 does not name that curve.
    """
    leaf, anchors = by(elliptic("k1", "secp256k1"))
    return reject("algorithm_not_permitted", None, leaf, anchors)


@scenario
def p384():
    """Root (P-384) → Leaf (ecdsa-with-SHA384)

    RFC 5758 §3.2.
    """
    return good(elliptic("p384", "P-384"), digest="sha384")


@scenario
def p521():
    """Root (P-521) → Leaf (ecdsa-with-SHA512)

    RFC 5758 §3.2.
    """
    return good(elliptic("p521", "P-521"), digest="sha512")


@scenario
def p256_with_sha512():
    """Root (P-256) → Leaf (ecdsa-with-SHA512)

    RFC 5758 §3.2 leaves digest and curve apart.
    """
    return good(elliptic("p256"), digest="sha512")


@scenario
def ecdsa_with_null():
    """Root (P-256) → Leaf (ecdsa-with-SHA256, parameter NULL)

    RFC 5758 §3.2: "the encoding MUST omit the parameters field."
    """
    return bad("algorithm_not_permitted", elliptic("p256"), algorithm=der.sequence(der.oid(keys.ECDSA["sha256"]), der.null()))


@scenario
def ed25519():
    """Root (Ed25519) → Leaf (Ed25519)

    RFC 8410 §6.
    """
    return good(edwards("root"))


@scenario
def ed25519_with_null():
    """Root (Ed25519) → Leaf (Ed25519, parameter NULL)

    RFC 8410 §3: "the parameters MUST be absent."
    """
    return bad("algorithm_not_permitted", edwards("root"), algorithm=der.sequence(der.oid("1.3.101.112"), der.null()))


@scenario
def mixed_chain():
    """Root (RSA 2048) → Level 1 (P-384) → Level 2 (Ed25519) → Level 3 (P-256) → Leaf

    RFC 5280 §6.1.4 (d) to (f): each certificate brings the key, its algorithm and its parameters for the next.
    """
    cas = [CA("Root", key=rsa_key()), CA("Level 1", key=elliptic("mixed", "P-384")), CA("Level 2", key=edwards("mixed")), CA("Level 3")]
    pool = [above.certify(below) for above, below in zip(cas, cas[1:])]
    leaf = cas[-1].leaf()
    return accept(leaf, [cas[0].anchor], pool, path=[leaf, *reversed(pool), cas[0].anchor])


@scenario
def pss_with_sha256():
    """Root (RSA 2048) → Leaf (RSASSA-PSS: SHA-256, MGF1 with SHA-256, salt of 32 octets)

    RFC 4055 §3.1.
    """
    return good(rsa_key(), **pss())


@scenario
def pss_with_sha384():
    """Root (RSA 2048) → Leaf (RSASSA-PSS: SHA-384, MGF1 with SHA-384, salt of 48 octets)

    RFC 4055 §3.1.
    """
    return good(rsa_key(), **pss(48, "sha384", "sha384"))


@scenario
def pss_with_sha1():
    """Root (RSA 2048) → Leaf (RSASSA-PSS with its defaults: SHA-1, MGF1 with SHA-1, salt of 20 octets)

    RFC 4055 §3.1: "hashAlgorithm … DEFAULT sha1Identifier"; the floor of docs/validation.md.
    """
    return bad("algorithm_not_permitted", rsa_key(), **pss(20, "sha1", "sha1"))


@scenario
def pss_with_two_digests():
    """Root (RSA 2048) → Leaf (RSASSA-PSS: SHA-256, MGF1 with SHA-512)

    RFC 4055 §3.1: "It is RECOMMENDED that the hash function used to hash … is the same" in both; what differs is refused.
    """
    return bad("algorithm_not_permitted", rsa_key(), **pss(mask="sha512"))


@scenario
def pss_without_parameters():
    """Root (RSA 2048) → Leaf (RSASSA-PSS without parameters)

    RFC 4055 §3.1: "When RSASSA-PSS is used in an AlgorithmIdentifier" of a signature, "the parameters MUST be present".
    """
    return bad("algorithm_not_permitted", rsa_key(), **pss(algorithm=der.sequence(der.oid("1.2.840.113549.1.1.10"))))


@scenario
def pss_with_another_trailer():
    """Root (RSA 2048) → Leaf (RSASSA-PSS, trailerField 2)

    RFC 4055 §3.1: "The trailerField … MUST be 1".
    """
    return bad("algorithm_not_permitted", rsa_key(), **pss(trailer=2))


@scenario
def pss_of_another_salt():
    """Root (RSA 2048) → Leaf (RSASSA-PSS, salt of 32 octets said, of 20 made)

    RFC 8017 §9.1.2: the salt has the length that is said.
    """
    key = rsa_key()
    return bad("signature_invalid", key, algorithm=pss_algorithm(), signature=lambda tbs: key.sign_pss(tbs, salt=20))


@scenario
def pss_said_and_pkcs1_made():
    """Root (RSA 2048) → Leaf (RSASSA-PSS said, PKCS #1 v1.5 made)

    RFC 4055 §3: the algorithm that is named is the one that is checked.
    """
    return bad("signature_invalid", rsa_key(), algorithm=pss_algorithm())


@scenario
def outer_differs_from_inner():
    """Root (P-256) → Leaf (signature says SHA-256, signatureAlgorithm SHA-384)

    RFC 5280 §4.1.1.2: "This field MUST contain the same algorithm identifier as the signature field in the sequence tbsCertificate".
    """
    root = CA("Root")
    return reject("certificate_malformed", None, root.leaf(outer=root.key.algorithm("sha384")), [root.anchor])


@scenario
def other_algorithm_than_the_key():
    """Root (P-256) → Leaf (sha256WithRSAEncryption)

    RFC 5280 §6.1.3 (a)(1): "using working_public_key_algorithm": that is not RSA.
    """
    return bad("signature_invalid", elliptic("p256"), algorithm=der.sequence(der.oid(keys.RSA["sha256"]), der.null()))


@scenario
def unknown_algorithm():
    """Root (P-256) → Leaf (an algorithm of nobody)

    RFC 5280 §4.1.1.2: other algorithms may be used; this one is not known.
    """
    return bad("algorithm_not_permitted", elliptic("p256"), algorithm=der.sequence(der.oid(ext.UNKNOWN)))


@scenario
def dsa():
    """Root (P-256) → Leaf (dsa-with-sha256)

    Only PKITS needs DSA (RFC 5758 §3.1); with a key that is none it is nothing.
    """
    leaf, anchors = by(elliptic("p256"), algorithm=der.sequence(der.oid("2.16.840.1.101.3.4.3.2")))
    return reject("algorithm_not_permitted", leaf, leaf, anchors)


@scenario
def signature_of_zeros():
    """Root (P-256) → Leaf (r and s are 0)

    SEC 1 §4.1.4: r and s are in the interval from 1 to n-1.
    """
    return bad("signature_invalid", elliptic("p256"), signature=lambda tbs: der.sequence(der.integer(0), der.integer(0)))


@scenario
def signature_that_is_no_sequence():
    """Root (P-256) → Leaf (signature of 64 bare octets)

    RFC 5758 §3.2: Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }.
    """
    return bad("signature_invalid", elliptic("p256"), signature=lambda tbs: b"\x01" * 64)


@scenario
def signature_with_trailing_bytes():
    """Root (P-256) → Leaf (a good signature and one octet more)

    X.690 §10: one encoding for one value.
    """
    key = elliptic("p256")
    return bad("signature_invalid", key, signature=lambda tbs: key.sign(tbs) + b"\x00")


@scenario
def signature_of_nothing():
    """Root (P-256) → Leaf (an empty signature)

    RFC 5280 §6.1.3 (a)(1).
    """
    return bad("signature_invalid", elliptic("p256"), signature=lambda tbs: b"")


@scenario
def explicit_curve():
    """Root (P-256 with its parameters written out) → Leaf

    RFC 5480 §2.1.1: "implicitCurve and specifiedCurve … MUST NOT be used in PKIX."
    """
    curve = der.sequence(der.integer(1), der.sequence(der.oid("1.2.840.10045.1.1"), der.integer(2**256 - 2**224 + 2**192 + 2**96 - 1)))
    key = elliptic("p256")
    point = key.info[-65:]
    root = CA("Root", key=keys.Key(key.private, der.sequence(der.sequence(der.oid("1.2.840.10045.2.1"), curve), der.bits(point))))
    return reject("algorithm_not_permitted", None, root.leaf(), [root.anchor])


@scenario
def leaf_with_a_point_of_another_length():
    """Root → Leaf (P-256, a point of 66 octets)

    RFC 5480 §2.2, SEC 1 §2.3.4: an uncompressed point of P-256 has 65 octets.
    """
    root, key = CA("Root"), elliptic("p256")
    algorithm = der.sequence(der.oid("1.2.840.10045.2.1"), der.oid("1.2.840.10045.3.1.7"))
    leaf = root.leaf(info=der.sequence(algorithm, der.bits(key.info[-65:] + b"\x00")))
    return reject("algorithm_not_permitted", leaf, leaf, [root.anchor])


@scenario
def leaf_with_an_rsa_key_of_nothing():
    """Root → Leaf (rsaEncryption, an empty key)

    RFC 3279 §2.3.1: RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }.
    """
    root = CA("Root")
    leaf = root.leaf(info=der.sequence(der.sequence(der.oid("1.2.840.113549.1.1.1"), der.null()), der.bits(b"")))
    return reject("algorithm_not_permitted", leaf, leaf, [root.anchor])


@scenario
def issuer_with_an_rsa_key_of_nothing():
    """Root → Issuing (rsaEncryption, an empty key) → Leaf

    RFC 3279 §2.3.1: no signature can be checked with it.
    """
    root, issuing = CA("Root"), CA("Issuing")
    bad = root.certify(issuing, info=der.sequence(der.sequence(der.oid("1.2.840.113549.1.1.1"), der.null()), der.bits(b"")))
    leaf = issuing.leaf()
    return reject("certificate_malformed", None, leaf, [root.anchor], [bad])


@scenario
def rsa_with_an_even_exponent():
    """Root (RSA 2048, exponent 2) → Leaf

    RFC 8017 §3.1: e is odd.
    """
    numbers = rsa_key().private.public_key().public_numbers()
    info = der.sequence(der.sequence(der.oid("1.2.840.113549.1.1.1"), der.null()),
                        der.bits(der.sequence(der.integer(numbers.n), der.integer(2))))
    root = CA("Root", key=keys.Key(rsa_key().private, info))
    return reject("algorithm_not_permitted", None, root.leaf(), [root.anchor])


@scenario
def point_that_is_not_on_its_curve():
    """Root (P-256, a point that is not on it) → Leaf

    RFC 5480 §2.2, SEC 1 §3.2.2: a public key is a point of the curve.
    """
    key = elliptic("p256")
    wrong = keys.Key(key.private, key.info[:-1] + bytes([key.info[-1] ^ 1]))
    root = CA("Root", key=wrong)
    return reject("algorithm_not_permitted", None, root.leaf(), [root.anchor])


@scenario
def asked_for():
    """Root (P-256) → Leaf, ECDSA_WITH_SHA256 asked

    contract.md: `signature_algorithms`.
    """
    root = CA("Root")
    return accept(root.leaf(), [root.anchor], signature_algorithms=["RSA_WITH_SHA256", "ECDSA_WITH_SHA256"])


@scenario
def not_asked_for():
    """Root (P-256) → Leaf, RSA_WITH_SHA256 asked

    contract.md: `signature_algorithms`.
    """
    root = CA("Root")
    leaf = root.leaf()
    return reject("algorithm_not_permitted", leaf, leaf, [root.anchor], signature_algorithms=["RSA_WITH_SHA256"])


@scenario
def not_asked_for_above():
    """Root (RSA 2048) → Issuing (P-256) → Leaf, ECDSA_WITH_SHA256 asked

    contract.md: `signature_algorithms`, of every certificate but the anchor.
    """
    root, issuing = CA("Root", key=rsa_key()), CA("Issuing")
    below = root.certify(issuing)
    return reject("algorithm_not_permitted", below, issuing.leaf(), [root.anchor], [below], signature_algorithms=["ECDSA_WITH_SHA256"])
