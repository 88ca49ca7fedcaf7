"""basicConstraints, keyUsage, criticality, serial numbers, versions: §4's profile strictly, §6 alone with `lax`."""
from making import der, extensions as ext, names
from making.authority import CA
from making.scenario import accept, reject, scenario, unless_lax


def with_intermediate(code, *own, without=(), **options):
    """Root → Issuing (made as told) → Leaf."""
    root, issuing = CA("Root"), CA("Issuing")
    bad = root.certify(issuing, *own, without=without, **options)
    return reject(code, bad, issuing.leaf(), [root.anchor], [bad])


def with_leaf(code, *own, **options):
    """Root → Leaf (made as told)."""
    root = CA("Root")
    leaf = root.leaf(*own, **options)
    return reject(code, leaf, leaf, [root.anchor])


@scenario
def intermediate_with_ca_false():
    """Root → Issuing (cA FALSE) → Leaf

    RFC 5280 §6.1.4 (k): "verify that the basicConstraints extension is present and that cA is set to TRUE."
    """
    return with_intermediate("constraint_violated", ext.basic(ca=False), ext.usage("digitalSignature"))


@scenario
def intermediate_with_ca_false_lax():
    """Root → Issuing (cA FALSE) → Leaf, with `lax`

    RFC 5280 §6.1.4 (k) is §6's and stays.
    """
    root, issuing = CA("Root"), CA("Issuing")
    bad = root.certify(issuing, ext.basic(ca=False))
    return reject("constraint_violated", bad, issuing.leaf(), [root.anchor], [bad], lax=True)


@scenario
def intermediate_without_basic_constraints():
    """Root → Issuing (no basicConstraints) → Leaf

    RFC 5280 §6.1.4 (k).
    """
    return with_intermediate("constraint_violated", ext.usage("digitalSignature"), without=[ext.BASIC])


@scenario
def intermediate_without_cert_sign():
    """Root → Issuing (keyUsage cRLSign) → Leaf

    RFC 5280 §6.1.4 (n): "If a key usage extension is present, verify that the keyCertSign bit is set."
    """
    return with_intermediate("constraint_violated", ext.usage("cRLSign"))


@scenario
def intermediate_without_key_usage():
    """Root → Issuing (no keyUsage) → Leaf

    RFC 5280 §6.1.4 (n): "If a key usage extension is present". It is not.
    """
    root, issuing = CA("Root"), CA("Issuing")
    return accept(issuing.leaf(), [root.anchor], [root.certify(issuing, without=[ext.KEY_USAGE])])


@scenario
def intermediate_of_version_1():
    """Root → Issuing (version 1) → Leaf

    RFC 5280 §6.1.4 (k): "If certificate i is a version 1 or version 2 certificate, then the application MUST either verify that
    certificate i is a CA certificate through out-of-band means or reject the certificate."
    """
    root, issuing = CA("Root"), CA("Issuing")
    bad = root.certify(issuing, version=1, wrapped=b"")
    return reject("path_not_found", bad, issuing.leaf(), [root.anchor], [bad])


@scenario
def intermediate_of_version_1_lax():
    """Root → Issuing (version 1) → Leaf, with `lax`

    RFC 5280 §6.1.4 (k) is §6's: nothing out-of-band says that it is a CA.
    """
    root, issuing = CA("Root"), CA("Issuing")
    bad = root.certify(issuing, version=1, wrapped=b"")
    return reject("constraint_violated", bad, issuing.leaf(), [root.anchor], [bad], lax=True)


@unless_lax
def intermediate_constraints_not_critical():
    """Root → Issuing (basicConstraints not critical) → Leaf

    RFC 5280 §4.2.1.9: "Conforming CAs MUST include this extension in all CA certificates that contain public keys used to validate
    digital signatures on certificates and MUST mark the extension as critical in such certificates."
    """
    return with_intermediate("path_not_found", ext.basic(critical=False))


@unless_lax
def anchor_constraints_not_critical():
    """Root (basicConstraints not critical) → Leaf

    RFC 5280 §4.2.1.9, of an anchor.
    """
    root = CA("Root", exts=[ext.basic(critical=False)])
    return reject("path_not_found", root.anchor, root.leaf(), [root.anchor])


@unless_lax
def leaf_of_version_1():
    """Root → Leaf (version 1)

    RFC 5280 §4.1.2.1: "When extensions are used, as expected in this profile, version MUST be 3".
    """
    return with_leaf("certificate_malformed", version=1, wrapped=b"")


@unless_lax
def leaf_of_version_2():
    """Root → Leaf (version 2, without extensions)

    RFC 5280 §4.1.2.1.
    """
    return with_leaf("certificate_malformed", version=2, wrapped=b"")


@unless_lax
def cert_sign_without_ca():
    """Root → Leaf (keyCertSign, no CA)

    RFC 5280 §4.2.1.9: "If the cA boolean is not asserted, then the keyCertSign bit in the key usage extension MUST NOT be asserted."
    """
    return with_leaf("certificate_malformed", ext.basic(ca=False), ext.usage("digitalSignature", "keyCertSign"))


@unless_lax
def key_usage_of_nothing():
    """Root → Leaf (keyUsage without a bit)

    RFC 5280 §4.2.1.3: "When the keyUsage extension appears in a certificate, at least one of the bits MUST be set to 1."
    """
    return with_leaf("certificate_malformed", ext.usage())


@scenario
def critical_unknown_in_leaf():
    """Root → Leaf (an unknown critical extension)

    RFC 5280 §4.2: "A certificate-using system MUST reject the certificate if it encounters a critical extension it does not recognize".
    """
    return with_leaf("extension_not_supported", ext.unknown(True))


@scenario
def critical_unknown_in_leaf_lax():
    """Root → Leaf (an unknown critical extension), with `lax`

    RFC 5280 §6.1.5 (f): "Recognize and process any other critical extension present in the certificate n."
    """
    root = CA("Root")
    leaf = root.leaf(ext.unknown(True))
    return reject("extension_not_supported", leaf, leaf, [root.anchor], lax=True)


@scenario
def critical_unknown_in_intermediate():
    """Root → Issuing (an unknown critical extension) → Leaf

    RFC 5280 §6.1.4 (o): "Recognize and process any other critical extension present in the certificate."
    """
    return with_intermediate("extension_not_supported", ext.unknown(True))


@scenario
def critical_unknown_in_anchor():
    """Root (an unknown critical extension) → Leaf

    contract.md: "The anchor's own … critical extensions are enforced (RFC 5937)".
    """
    root = CA("Root", exts=[ext.unknown(True)])
    return reject("extension_not_supported", root.anchor, root.leaf(), [root.anchor])


@scenario
def critical_unknown_in_anchor_lax():
    """Root (an unknown critical extension) → Leaf, with `lax`

    RFC 5280 §6.1.1 (d): of an anchor only name and key count.
    """
    root = CA("Root", exts=[ext.unknown(True)])
    return accept(root.leaf(), [root.anchor], lax=True)


@scenario
def critical_unknown_beside_another_way():
    """[Root] → Issuing (an unknown critical extension), [Root] → Issuing;  Issuing → Leaf

    RFC 5280 §6.1.4 (o): of one path, not of all.
    """
    root, issuing = CA("Root"), CA("Issuing")
    good = root.certify(issuing)
    leaf = issuing.leaf()
    return accept(leaf, [root.anchor], [root.certify(issuing, ext.unknown(True)), good], path=[leaf, good, root.anchor])


@unless_lax
def serial_of_21_octets():
    """Root → Leaf (serialNumber of 21 octets)

    RFC 5280 §4.1.2.2: "Conforming CAs MUST NOT use serialNumber values longer than 20 octets."
    """
    return with_leaf("certificate_malformed", serial=1 << 160)


@scenario
def serial_of_20_octets():
    """Root → Leaf (serialNumber of 20 octets)

    RFC 5280 §4.1.2.2: "Certificate users MUST be able to handle serialNumber values up to 20 octets."
    """
    root = CA("Root")
    return accept(root.leaf(serial=(1 << 159) - 1), [root.anchor])


@unless_lax
def serial_of_zero():
    """Root → Leaf (serialNumber 0)

    RFC 5280 §4.1.2.2: "The serial number MUST be a positive integer assigned by the CA to each certificate."
    """
    return with_leaf("certificate_malformed", serial=0)


@unless_lax
def negative_serial():
    """Root → Leaf (serialNumber -5)

    RFC 5280 §4.1.2.2: "Non-conforming CAs may issue certificates with serial numbers that are negative or zero. Certificate users SHOULD be
    prepared to gracefully handle such certificates."
    """
    return with_leaf("certificate_malformed", serial=-5)


@unless_lax
def negative_serial_of_an_intermediate():
    """Root → Issuing (serialNumber -5) → Leaf

    RFC 5280 §4.1.2.2.
    """
    return with_intermediate("path_not_found", serial=-5)


@unless_lax
def no_subject_at_all():
    """Root → Leaf (empty subject, no subjectAltName)

    RFC 5280 §4.2.1.6: "If the subject field contains an empty sequence, then the issuing CA MUST include a subjectAltName extension that
    is marked as critical."
    """
    return with_leaf("certificate_malformed", subject=names.EMPTY)


@unless_lax
def no_subject_and_names_not_critical():
    """Root → Leaf (empty subject, subjectAltName not critical)

    RFC 5280 §4.2.1.6, as above.
    """
    return with_leaf("certificate_malformed", ext.alternative(names.email("a@example.com")), subject=names.EMPTY)


@scenario
def no_subject_and_critical_names():
    """Root → Leaf (empty subject, critical subjectAltName)

    RFC 5280 §4.2.1.6, kept.
    """
    root = CA("Root")
    return accept(root.leaf(ext.alternative(names.email("a@example.com"), critical=True), subject=names.EMPTY), [root.anchor])


@unless_lax
def ca_without_a_name():
    """Root → (empty subject) → Leaf with an empty issuer, asked for the CA itself

    RFC 5280 §4.1.2.6: "If the subject is a CA …, then the subject field MUST be populated with a non-empty distinguished name".
    """
    root, nobody = CA("Root"), CA(names.EMPTY)
    bad = root.certify(nobody, ext.alternative(names.dns("ca.example.com"), critical=True))
    strict = reject("certificate_malformed", bad, bad, [root.anchor], no_eku=True)
    return strict


def _critical_access():
    access = der.sequence(der.sequence(der.oid("1.3.6.1.5.5.7.48.2"), names.uri("http://ca.example.com/ca.cer")))
    root = CA("Root")
    return root, root.leaf(ext.Extension("1.3.6.1.5.5.7.1.1", True, access))


@scenario
def critical_authority_access():
    """Root → Leaf (authorityInfoAccess critical)

    RFC 5280 §4.2.2.1: "Conforming CAs MUST mark this extension as non-critical."
    """
    root, leaf = _critical_access()
    return reject("certificate_malformed", leaf, leaf, [root.anchor])


@scenario
def critical_authority_access_lax():
    """Root → Leaf (authorityInfoAccess critical), with `lax`

    RFC 5280 §6.1.5 (f): "Recognize and process any other critical extension"; a path is validated without processing this one.
    """
    root, leaf = _critical_access()
    return reject("extension_not_supported", leaf, leaf, [root.anchor], lax=True)


@scenario
def authority_access_not_critical():
    """Root → Leaf (authorityInfoAccess with caIssuers and ocsp)

    RFC 5280 §4.2.2.1: non-critical, and it says nothing about validity.
    """
    root = CA("Root")
    access = der.sequence(*(der.sequence(der.oid(f"1.3.6.1.5.5.7.48.{kind}"), names.uri("http://ca.example.com/x")) for kind in (1, 2)))
    return accept(root.leaf(ext.Extension("1.3.6.1.5.5.7.1.1", False, access)), [root.anchor])


@scenario
def malformed_authority_access():
    """Root → Leaf (authorityInfoAccess that is no SEQUENCE)

    RFC 5280 §4.2.2.1: AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription.
    """
    root = CA("Root")
    return reject("certificate_malformed", None, root.leaf(ext.Extension("1.3.6.1.5.5.7.1.1", False, b"access")), [root.anchor])


@unless_lax
def name_constraints_in_a_leaf():
    """Root → Leaf (nameConstraints)

    RFC 5280 §4.2.1.10: "The name constraints extension, which MUST be used only in a CA certificate".
    """
    return with_leaf("certificate_malformed", ext.constraints([names.dns("example.com")]))


@unless_lax
def policy_constraints_not_critical():
    """Root → Issuing (policyConstraints not critical, harmless) → Leaf

    RFC 5280 §4.2.1.11: "Conforming CAs MUST mark this extension as critical."
    """
    return with_intermediate("path_not_found", ext.policy_constraints(mapping=5, critical=False))


@unless_lax
def inhibit_any_not_critical():
    """Root → Issuing (inhibitAnyPolicy not critical, harmless) → Leaf

    RFC 5280 §4.2.1.14: "Conforming CAs MUST mark this extension as critical."
    """
    return with_intermediate("path_not_found", ext.inhibit_any(5, critical=False))


@scenario
def key_usage_not_critical():
    """Root → Issuing (keyUsage not critical) → Leaf (keyUsage not critical)

    RFC 5280 §4.2.1.3: "conforming CAs SHOULD mark this extension as critical": a SHOULD.
    """
    root, issuing = CA("Root"), CA("Issuing")
    pool = [root.certify(issuing, ext.usage("keyCertSign", "cRLSign", critical=False))]
    return accept(issuing.leaf(ext.usage("digitalSignature", critical=False)), [root.anchor], pool)


@scenario
def leaf_that_says_it_is_none():
    """Root → Leaf (basicConstraints present, cA absent)

    RFC 5280 §4.2.1.9: "This extension MAY appear as a critical or non-critical extension in end entity certificates."
    """
    root = CA("Root")
    return accept(root.leaf(ext.basic(ca=False)), [root.anchor])


@scenario
def bit_strings_of_identifiers():
    """Root → Leaf (issuerUniqueID and subjectUniqueID, version 3)

    RFC 5280 §4.1.2.8: "Applications conforming to this profile SHOULD be capable of parsing certificates that include unique
    identifiers".
    """
    root = CA("Root")
    return accept(root.leaf(tail=der.tlv(0x81, b"\x00\x01") + der.tlv(0x82, b"\x00\x02")), [root.anchor])
