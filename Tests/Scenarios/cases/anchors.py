"""Constraints of the anchors themselves: RFC 5937, and what `lax` leaves of them."""
from making import extensions as ext, names
from making.authority import CA
from making.scenario import accept, reject, scenario, unless_lax

HERE = names.directory(names.dn((names.COUNTRY, "CN"), (names.ORGANIZATION, "Here")))


@scenario
def names_kept():
    """Root (permits O=Here) → Leaf (O=Here)

    RFC 5937 §3.2: "If a name constraints extension is associated with the trust anchor and contains permittedSubtrees, set the
    initial-permitted-subtrees".
    """
    root = CA("Root", exts=[ext.constraints([HERE])])
    return accept(root.leaf(subject=names.common("Leaf", "Here")), [root.anchor])


@scenario
def names_broken():
    """Root (permits O=Here) → Leaf (O=There)

    RFC 5937 §3.2, as above.
    """
    root = CA("Root", exts=[ext.constraints([HERE])])
    leaf = root.leaf(subject=names.common("Leaf", "There"))
    return reject("name_not_permitted", leaf, leaf, [root.anchor])


@scenario
def names_broken_lax():
    """Root (permits O=Here) → Leaf (O=There), with `lax`

    contract.md: "`lax` true: §6 only, and of the anchor only name and key".
    """
    root = CA("Root", exts=[ext.constraints([HERE])])
    return accept(root.leaf(subject=names.common("Leaf", "There")), [root.anchor], lax=True)


@scenario
def excluded_names():
    """Root (excludes O=Here) → Issuing → Leaf (O=Here)

    RFC 5937 §3.2: "contains excludedSubtrees, set the initial-excluded-subtrees".
    """
    root, issuing = CA("Root", exts=[ext.constraints(excluded=[HERE])]), CA("Issuing")
    leaf = issuing.leaf(subject=names.common("Leaf", "Here"))
    return reject("name_not_permitted", leaf, leaf, [root.anchor], [root.certify(issuing)])


@scenario
def own_name_is_not_judged():
    """Root (O=Here; permits O=There) → Leaf (O=There)

    RFC 5280 §6.1: the anchor is no certificate of the path; its constraints are for those below.
    """
    there = names.directory(names.dn((names.COUNTRY, "CN"), (names.ORGANIZATION, "There")))
    root = CA(names.common("Root", "Here"), exts=[ext.constraints([there])])
    return accept(root.leaf(subject=names.common("Leaf", "There")), [root.anchor])


@scenario
def policies_kept():
    """Root (policy 1.3.1) → Leaf (1.3.1), a policy asked

    RFC 5937 §3.2: "If a certificate policies extension is associated with the trust anchor, set the user-initial-policy-set equal to the
    intersection".
    """
    root = CA("Root", exts=[ext.policies("1.3.1")])
    return accept(root.leaf(ext.policies("1.3.1")), [root.anchor], policies=["1.3.1"], initial_explicit_policy=True)


@scenario
def policies_broken():
    """Root (policy 1.3.1) → Leaf (1.3.2), a policy asked

    RFC 5937 §3.2, as above.
    """
    root = CA("Root", exts=[ext.policies("1.3.1")])
    leaf = root.leaf(ext.policies("1.3.2"))
    return reject("policy_not_acceptable", leaf, leaf, [root.anchor], initial_explicit_policy=True)


@scenario
def policies_broken_lax():
    """Root (policy 1.3.1) → Leaf (1.3.2), a policy asked, with `lax`

    RFC 5280 §6.1.1 (d): of an anchor only name and key count.
    """
    root = CA("Root", exts=[ext.policies("1.3.1")])
    return accept(root.leaf(ext.policies("1.3.2")), [root.anchor], policies=["1.3.2"], initial_explicit_policy=True, lax=True)


@scenario
def explicit_policy_demanded():
    """Root (requireExplicitPolicy 0) → Leaf (no policy)

    RFC 5937 §3.2: "If a policy constraints extension is associated with the trust anchor and contains a requireExplicitPolicy value of
    zero, set initial-explicit-policy to true".
    """
    root = CA("Root", exts=[ext.policy_constraints(explicit=0)])
    leaf = root.leaf()
    return reject("policy_not_acceptable", leaf, leaf, [root.anchor])


@scenario
def any_policy_inhibited():
    """Root (inhibitAnyPolicy 0) → Leaf (anyPolicy), a policy asked

    RFC 5937 §3.2: "If an inhibit any policy extension is associated with the trust anchor, … set initial-any-policy-inhibit to true".
    """
    root = CA("Root", exts=[ext.inhibit_any(0)])
    leaf = root.leaf(ext.policies(ext.ANY_POLICY))
    return reject("policy_not_acceptable", leaf, leaf, [root.anchor], initial_explicit_policy=True)


@unless_lax
def no_ca():
    """Root (self-signed, cA FALSE, keyUsage digitalSignature) → Leaf

    RFC 5280 §4.2.1.9: "the certified public key MUST NOT be used to verify certificate signatures"; §6.1.1 (d) alone would take it.
    """
    root = CA("Root", exts=[ext.basic(ca=False), ext.usage("digitalSignature")])
    return reject("constraint_violated", root.anchor, root.leaf(), [root.anchor])


@unless_lax
def no_cert_sign():
    """Root (keyUsage cRLSign) → Leaf

    RFC 5280 §4.2.1.3: "The keyCertSign bit is asserted when the subject public key is used for verifying signatures on public key
    certificates."
    """
    root = CA("Root", exts=[ext.usage("cRLSign")])
    return reject("constraint_violated", root.anchor, root.leaf(), [root.anchor])


@unless_lax
def version_1():
    """Root (version 1) → Leaf

    RFC 5280 §4.1.2.1: version MUST be 3 in this profile; §6.1.1 (d) takes any name and key.
    """
    root = CA("Root", version=1, wrapped=b"")
    return reject("path_not_found", root.anchor, root.leaf(), [root.anchor])


@scenario
def signature_is_not_checked():
    """Root (its self-signature broken) → Leaf

    RFC 5280 §6.1.1 (d): "The trust anchor information is trusted": it is trusted because it is given, not because it signed itself.
    """
    root = CA("Root", signature=lambda tbs: b"broken")
    return accept(root.leaf(), [root.anchor])


@scenario
def two_certificates_of_one_anchor():
    """[Root] (permits O=Here), [Root] (same key, permits O=There);  Root → Leaf (O=There)

    RFC 5937 §3: the constraints belong to one trust anchor; the other has its own.
    """
    there = names.directory(names.dn((names.COUNTRY, "CN"), (names.ORGANIZATION, "There")))
    root = CA("Root", exts=[ext.constraints([HERE])])
    other = root.certify(root, ext.constraints([there]))
    leaf = root.leaf(subject=names.common("Leaf", "There"))
    return accept(leaf, [root.anchor, other], path=[leaf, other])


@scenario
def constrained_anchor_as_intermediate():
    """[Root] → Other,  [Other] (permits O=Here);  Other → Leaf (O=There)

    RFC 5937 §1: constraints of an anchor hold where it is the anchor; over Root it is a CA like others.
    """
    root, other = CA("Root"), CA("Other", exts=[ext.constraints([HERE])])
    cross = root.certify(other)
    leaf = other.leaf(subject=names.common("Leaf", "There"))
    return accept(leaf, [root.anchor, other.anchor], [cross], path=[leaf, cross, root.anchor])


@scenario
def unusable_anchors():
    """Three anchors that do not parse, and [Root] → Leaf

    contract.md: "A certificate in a pool that does not parse is skipped".
    """
    root = CA("Root")
    return accept(root.leaf(), ["nothing", "", root.anchor, "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"])


@scenario
def no_usable_anchor():
    """Nothing that parses → Leaf

    contract.md: "no usable anchor … gets a REJECT line with a `code`".
    """
    return reject("path_not_found", None, CA("Root").leaf(), ["-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"])


@scenario
def no_anchor():
    """No anchor at all

    RFC 5280 §6.1.1 (d): without one there is no path.
    """
    return reject("path_not_found", None, CA("Root").leaf(), [])
