"""Straight chains: issuers, anchors, depth."""
from making import extensions as ext
from making.authority import CA
from making.scenario import accept, reject, scenario


def chain(length, root=None):
    """Root → 1 → 2 → … : the CAs and their certificates."""
    cas = [root or CA("Root")]
    certificates = []
    for number in range(length):
        below = CA(f"Level {number + 1}")
        certificates.append(cas[-1].certify(below))
        cas.append(below)
    return cas, certificates


@scenario
def two():
    """Root → Leaf

    RFC 5280 §6.1: "for all x in {1, ..., n-1}, the subject of certificate x is the issuer of certificate x+1; certificate 1 is issued
    by the trust anchor".
    """
    root = CA("Root")
    leaf = root.leaf()
    return accept(leaf, [root.anchor], path=[leaf, root.anchor])


@scenario
def three():
    """Root → Level 1 → Leaf

    RFC 5280 §6.1, as in `two`, with one intermediate.
    """
    (root, last), pool = chain(1)
    leaf = last.leaf()
    return accept(leaf, [root.anchor], pool, path=[leaf, pool[0], root.anchor])


@scenario
def five_among_strangers():
    """Root → Level 1 → Level 2 → Level 3 → Leaf, beside 30 CAs of other hierarchies

    RFC 4158 §2.2: the certificates of a path must be found among all there are.
    """
    cas, pool = chain(3)
    strangers = [CA(f"Stranger {number}").certify(CA(f"Other {number}")) for number in range(30)]
    leaf = cas[-1].leaf()
    return accept(leaf, [cas[0].anchor], strangers[:15] + pool + strangers[15:], path=[leaf, *reversed(pool), cas[0].anchor])


@scenario
def twenty_intermediates():
    """Root → 1 → 2 → … → 20 → Leaf

    RFC 5280 §4.2.1.9: "Where pathLenConstraint does not appear, no limit is imposed."
    """
    cas, pool = chain(20)
    leaf = cas[-1].leaf()
    return accept(leaf, [cas[0].anchor], pool, path=[leaf, *reversed(pool), cas[0].anchor])


@scenario
def longer_than_anything_real():
    """Root → 1 → 2 → … → 120 → Leaf

    No rule of RFC 5280; docs/validation.md bounds a path at 100 certificates, as OpenSSL does by default.
    """
    cas, pool = chain(120)
    return reject("too_complex", pool[99], cas[-1].leaf(), [cas[0].anchor], pool)


@scenario
def missing_intermediate():
    """Root   (Level 1 is not there) → Leaf

    RFC 5280 §6.1.3 (a)(4): "The certificate issuer name is the working_issuer_name." No CA of that name is there.
    """
    (root, last), _ = chain(1)
    leaf = last.leaf()
    return reject("issuer_unknown", leaf, leaf, [root.anchor])


@scenario
def missing_middle():
    """Root   (Level 1 is not there) → Level 2 → Leaf

    RFC 5280 §6.1: a path begins at a trust anchor; this one does not.
    """
    cas, pool = chain(2)
    leaf = cas[-1].leaf()
    return reject("path_not_found", leaf, leaf, [cas[0].anchor], pool[1:])


@scenario
def untrusted_root():
    """Untrusted → Level 1 → Leaf      Root (the only anchor)

    RFC 5280 §6.1.1 (d): the trust anchor is an input of the user's, not whatever self-signed certificate is at hand.
    """
    (untrusted, last), pool = chain(1, CA("Untrusted"))
    leaf = last.leaf()
    return reject("path_not_found", None, leaf, [CA("Root").anchor], [*pool, untrusted.anchor])


@scenario
def wrong_signature():
    """Root ⇢ Leaf (signed by another key)

    RFC 5280 §6.1.3 (a)(1): "The signature on the certificate can be verified using working_public_key_algorithm, the
    working_public_key, and the working_public_key_parameters."
    """
    root, other = CA("Root"), CA("Other")
    leaf = root.leaf(key=other.key)
    return reject("signature_invalid", leaf, leaf, [root.anchor])


@scenario
def wrong_signature_above():
    """Root ⇢ Level 1 (signed by another key) → Leaf

    RFC 5280 §6.1.3 (a)(1), of an intermediate: for the holder of the leaf there is no path.
    """
    root, issuing, other = CA("Root"), CA("Issuing"), CA("Other")
    bad = root.certify(issuing, key=other.key)
    return reject("path_not_found", bad, issuing.leaf(), [root.anchor], [bad])


@scenario
def impostor_root():
    """Root (anchor)      "Root" of another key → Leaf

    RFC 5280 §6.1.3 (a): name *and* key must fit; here only the name does.
    """
    root, impostor = CA("Root"), CA("Root")
    return reject("path_not_found", impostor.anchor, impostor.leaf(), [root.anchor], [impostor.anchor])


@scenario
def anchor_in_the_middle():
    """Root → [Level 1] → Leaf      ([ ]: the anchor)

    RFC 5280 §6.1.1 (d): a trust anchor is a name and a key; nothing says that it is self-signed.
    """
    (_, last), pool = chain(1)
    leaf = last.leaf()
    return accept(leaf, pool, path=[leaf, pool[0]])


@scenario
def anchor_also_in_pool():
    """[Root] → [Level 1] → Leaf, all of them in the pool as well

    RFC 5280 §6.1: of two paths to anchors the shorter is told.
    """
    (root, last), pool = chain(1)
    leaf = last.leaf()
    return accept(leaf, [root.anchor, pool[0]], [root.anchor, pool[0], pool[0]], path=[leaf, pool[0]])


@scenario
def ca_as_target():
    """Root → Level 1 → Level 2, which is what is asked for

    RFC 5280 §6.1: "the target certificate" may be of a CA; §4.2.1.9: "Usually, the last certificate is an end entity certificate, but
    it can be a CA certificate."
    """
    cas, pool = chain(2)
    return accept(pool[1], [cas[0].anchor], pool[:1], path=[pool[1], pool[0], cas[0].anchor], no_eku=True)


def _deep(limit):
    cas, pool = chain(2)
    return cas[-1].leaf(), [cas[0].anchor], pool, {"max_chain_depth": limit}


@scenario
def depth_just_enough():
    """Root → Level 1 → Level 2 → Leaf, at most 2 intermediates asked

    contract.md: "`max_chain_depth` counts intermediates".
    """
    leaf, anchors, pool, fields = _deep(2)
    return accept(leaf, anchors, pool, **fields)


@scenario
def depth_exceeded():
    """Root → Level 1 → Level 2 → Leaf, at most 1 intermediate asked

    contract.md: "`max_chain_depth` counts intermediates".
    """
    leaf, anchors, pool, fields = _deep(1)
    return reject("constraint_violated", None, leaf, anchors, pool, **fields)


@scenario
def depth_without_intermediates():
    """Root → Leaf, no intermediate asked

    contract.md: "`max_chain_depth` counts intermediates": none is none.
    """
    root = CA("Root")
    return accept(root.leaf(), [root.anchor], max_chain_depth=0)


@scenario
def depth_leaves_out_the_self_issued():
    """Root → Level 1 → Level 1 (new key, self-issued) → Leaf, at most 1 intermediate asked

    contract.md: "`max_chain_depth` counts intermediates, self-issued ones not."
    """
    root, old, new = CA("Root"), CA("Issuing"), CA("Issuing")
    pool = [root.certify(old), old.certify(new)]
    return accept(new.leaf(), [root.anchor], pool, max_chain_depth=1)


@scenario
def depth_over_the_longer_path_only():
    """Root → Level 1 → Level 2 → Leaf and Root → Level 2, at most 1 intermediate asked

    contract.md, `max_chain_depth`: of two paths one is short enough.
    """
    cas, pool = chain(2)
    shortcut = cas[0].certify(cas[2])
    leaf = cas[2].leaf()
    return accept(leaf, [cas[0].anchor], [*pool, shortcut], path=[leaf, shortcut, cas[0].anchor], max_chain_depth=1)


@scenario
def leaf_as_issuer():
    """Root → Person → Leaf, Person being no CA

    RFC 5280 §6.1.4 (k): "If certificate i is a version 3 certificate, verify that the basicConstraints extension is present and that
    cA is set to TRUE."
    """
    root, person = CA("Root"), CA("Person")
    certificate = root.leaf(subject=person.name, public=person.key)
    return reject("constraint_violated", certificate, person.leaf(), [root.anchor], [certificate])


@scenario
def self_signed_stranger():
    """Leaf, issued by itself      Root

    RFC 5280 §6.1.1 (d): nobody trusts it.
    """
    person = CA("Person")
    leaf = person.leaf(subject=person.name, public=person.key)
    return reject("issuer_unknown", leaf, leaf, [CA("Root").anchor])


@scenario
def issuer_name_of_another():
    """Root → Level 1        Leaf names Root as its issuer, Level 1 signed it

    RFC 5280 §6.1.3 (a)(1), (a)(4): name and key of the issuer belong together.
    """
    (root, last), pool = chain(1)
    leaf = last.leaf(issuer=root.name)
    return reject("signature_invalid", leaf, leaf, [root.anchor], pool)


@scenario
def unknown_extensions_everywhere():
    """Root (x) → Level 1 (x) → Leaf (x), x an extension that nobody knows, not critical

    RFC 5280 §4.2: "A non-critical extension MAY be ignored if it is not recognized".
    """
    root, issuing = CA("Root", exts=[ext.unknown(False)]), CA("Issuing")
    return accept(issuing.leaf(ext.unknown(False)), [root.anchor], [root.certify(issuing, ext.unknown(False))])
