"""pathLenConstraint: RFC 5280 §4.2.1.9, §6.1.4 (l), (m)."""
from making import der, extensions as ext
from making.authority import CA
from making.scenario import accept, reject, scenario, unless_lax


def line(*paths):
    """Root → Level 1 → … with these path lengths; the CAs and their certificates."""
    cas, pool = [CA("Root")], []
    for number, path in enumerate(paths):
        below = CA(f"Level {number + 1}")
        pool.append(cas[-1].certify(below, path=path))
        cas.append(below)
    return cas, pool


@scenario
def zero_before_a_leaf():
    """Root → Level 1 (0) → Leaf

    RFC 5280 §4.2.1.9: "A pathLenConstraint of zero indicates that no non-self-issued intermediate CA certificates may follow".
    """
    cas, pool = line(0)
    return accept(cas[-1].leaf(), [cas[0].anchor], pool)


@scenario
def zero_before_a_ca():
    """Root → Level 1 (0) → Level 2 → Leaf

    RFC 5280 §6.1.4 (l): "If the certificate was not self-issued, verify that max_path_length is greater than zero".
    """
    cas, pool = line(0, None)
    return reject("constraint_violated", pool[1], cas[-1].leaf(), [cas[0].anchor], pool)


@scenario
def zero_and_a_ca_as_target():
    """Root → Level 1 (0) → Level 2, which is what is asked for

    RFC 5280 §4.2.1.9: "The last certificate in the certification path is not an intermediate certificate, and is not included in this
    limit."
    """
    cas, pool = line(0, None)
    return accept(pool[1], [cas[0].anchor], pool[:1], no_eku=True)


@scenario
def two_and_two_follow():
    """Root → Level 1 (2) → Level 2 → Level 3 → Leaf

    RFC 5280 §4.2.1.9: "the maximum number of non-self-issued intermediate certificates that may follow this certificate".
    """
    cas, pool = line(2, None, None)
    return accept(cas[-1].leaf(), [cas[0].anchor], pool)


@scenario
def two_and_three_follow():
    """Root → Level 1 (2) → Level 2 → Level 3 → Level 4 → Leaf

    RFC 5280 §6.1.4 (l).
    """
    cas, pool = line(2, None, None, None)
    return reject("constraint_violated", pool[3], cas[-1].leaf(), [cas[0].anchor], pool)


@scenario
def a_greater_limit_below_does_not_help():
    """Root → Level 1 (1) → Level 2 (9) → Level 3 → Leaf

    RFC 5280 §6.1.4 (m): "If pathLenConstraint is present in the certificate and is less than max_path_length, set max_path_length to the
    value of pathLenConstraint."
    """
    cas, pool = line(1, 9, None)
    return reject("constraint_violated", pool[2], cas[-1].leaf(), [cas[0].anchor], pool)


@scenario
def a_smaller_limit_below_counts():
    """Root → Level 1 (9) → Level 2 (0) → Level 3 → Leaf

    RFC 5280 §6.1.4 (m).
    """
    cas, pool = line(9, 0, None)
    return reject("constraint_violated", pool[2], cas[-1].leaf(), [cas[0].anchor], pool)


@scenario
def limits_that_shrink_by_one():
    """Root → Level 1 (3) → Level 2 (2) → Level 3 (1) → Level 4 (0) → Leaf

    RFC 5280 §6.1.4 (l), (m).
    """
    cas, pool = line(3, 2, 1, 0)
    return accept(cas[-1].leaf(), [cas[0].anchor], pool)


@scenario
def self_issued_do_not_count():
    """Root → Issuing (0) → Issuing, new key (self-issued) → Issuing, newer key (self-issued) → Leaf

    RFC 5280 §4.2.1.9: "non-self-issued intermediate certificates".
    """
    root, first, second, third = CA("Root"), CA("Issuing"), CA("Issuing"), CA("Issuing")
    pool = [root.certify(first, path=0), first.certify(second), second.certify(third)]
    return accept(third.leaf(), [root.anchor], pool)


@scenario
def self_issued_limit_counts():
    """Root → Issuing → Issuing, new key (0, self-issued) → Below → Leaf

    RFC 5280 §6.1.4 (m) has no exception for self-issued certificates.
    """
    root, first, second, below = CA("Root"), CA("Issuing"), CA("Issuing"), CA("Below")
    pool = [root.certify(first), first.certify(second, path=0), second.certify(below)]
    return reject("constraint_violated", pool[2], below.leaf(), [root.anchor], pool)


@scenario
def self_issued_between():
    """Root → Issuing (1) → Issuing, new key (self-issued) → Below → Below, new key (self-issued) → Leaf

    RFC 5280 §6.1.4 (l): one that counts, two that do not.
    """
    root, first, second, below, newer = CA("Root"), CA("Issuing"), CA("Issuing"), CA("Below"), CA("Below")
    pool = [root.certify(first, path=1), first.certify(second), second.certify(below), below.certify(newer)]
    return accept(newer.leaf(), [root.anchor], pool)


@scenario
def enormous_limit():
    """Root → Level 1 (2^64) → Level 2 → Leaf

    RFC 5280 §4.2.1.9: pathLenConstraint INTEGER (0..MAX).
    """
    cas, pool = line(1 << 64, None)
    return accept(cas[-1].leaf(), [cas[0].anchor], pool)


@scenario
def negative_limit():
    """Root → Level 1 (-1) → Leaf

    RFC 5280 §4.2.1.9: pathLenConstraint INTEGER (0..MAX): such a certificate does not parse, and is skipped.
    """
    cas, pool = line(-1)
    leaf = cas[-1].leaf()
    return reject("issuer_unknown", leaf, leaf, [cas[0].anchor], pool)


@unless_lax
def limit_without_ca():
    """Root → Leaf with a pathLenConstraint though it is no CA

    RFC 5280 §4.2.1.9: "CAs MUST NOT include the pathLenConstraint field unless the cA boolean is asserted and the key usage extension
    asserts the keyCertSign bit."
    """
    root = CA("Root")
    leaf = root.leaf(ext.basic(ca=False, path=0))
    return reject("certificate_malformed", leaf, leaf, [root.anchor])


@scenario
def limit_that_is_no_integer():
    """Root → Level 1 (pathLenConstraint a BOOLEAN) → Leaf

    RFC 5280 §4.2.1.9, ASN.1 of BasicConstraints.
    """
    root, issuing = CA("Root"), CA("Issuing")
    bad = root.certify(issuing, ext.Extension(ext.BASIC, True, der.sequence(der.boolean(True), der.boolean(True))))
    leaf = issuing.leaf()
    return reject("issuer_unknown", leaf, leaf, [root.anchor], [bad])


@scenario
def anchor_limit():
    """Root (0) → Level 1 → Leaf

    RFC 5937 §3.2: "If a basic constraints extension is associated with the trust anchor and contains a pathLenConstraint value, set the
    max_path_length state variable equal to the pathLenConstraint value".
    """
    root, issuing = CA("Root", path=0), CA("Issuing")
    below = root.certify(issuing)
    return reject("constraint_violated", below, issuing.leaf(), [root.anchor], [below])


@scenario
def anchor_limit_lax():
    """Root (0) → Level 1 → Leaf, with `lax`

    contract.md: "`lax` true: §6 only, and of the anchor only name and key".
    """
    root, issuing = CA("Root", path=0), CA("Issuing")
    return accept(issuing.leaf(), [root.anchor], [root.certify(issuing)], lax=True)
