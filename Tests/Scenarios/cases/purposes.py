"""extKeyUsage, also nested through CAs, and keyUsage of the leaf: RFC 5280 §4.2.1.3, §4.2.1.12."""
from making import der, extensions as ext
from making.authority import CA
from making.scenario import accept, reject, scenario


def under(*kinds):
    """Root → Issuing (these purposes): the root, the CA and its certificate."""
    root, issuing = CA("Root"), CA("Issuing")
    return root, issuing, root.certify(issuing, ext.purposes(*kinds))


@scenario
def client():
    """Root → Leaf (clientAuth), asked for a client

    RFC 5280 §4.2.1.12: "the certificate MUST only be used for one of the purposes indicated."
    """
    root = CA("Root")
    return accept(root.leaf(ext.purposes(ext.CLIENT)), [root.anchor])


@scenario
def server_for_a_client():
    """Root → Leaf (serverAuth), asked for a client

    RFC 5280 §4.2.1.12.
    """
    root = CA("Root")
    leaf = root.leaf(ext.purposes(ext.SERVER))
    return reject("purpose_not_permitted", leaf, leaf, [root.anchor])


@scenario
def server():
    """Root → Leaf (serverAuth), asked for a server

    contract.md: "No `extended_key_usage`: `validation_kind` names the purpose (clientAuth, serverAuth)."
    """
    root = CA("Root")
    return accept(root.leaf(ext.purposes(ext.SERVER)), [root.anchor], validation_kind="SERVER")


@scenario
def client_for_a_server():
    """Root → Leaf (clientAuth), asked for a server

    RFC 5280 §4.2.1.12.
    """
    root = CA("Root")
    leaf = root.leaf()
    return reject("purpose_not_permitted", leaf, leaf, [root.anchor], validation_kind="SERVER")


@scenario
def none_given():
    """Root → Leaf (no extKeyUsage)

    RFC 5280 §4.2.1.12: "If the extension is present, then the certificate MUST only be used for one of the purposes indicated." It is not.
    """
    root = CA("Root")
    return accept(root.leaf(without=[ext.EKU]), [root.anchor])


@scenario
def any_of_them():
    """Root → Leaf (emailProtection, anyExtendedKeyUsage)

    RFC 5280 §4.2.1.12: "If a CA includes extended key usages to satisfy such applications, but does not wish to restrict usages of the
    key, the CA can include the special KeyPurposeId anyExtendedKeyUsage".
    """
    root = CA("Root")
    return accept(root.leaf(ext.purposes(ext.MAIL, ext.ANY_PURPOSE)), [root.anchor])


@scenario
def critical():
    """Root → Leaf (a critical clientAuth)

    RFC 5280 §4.2.1.12: "This extension MAY, at the option of the certificate issuer, be either critical or non-critical."
    """
    root = CA("Root")
    return accept(root.leaf(ext.purposes(ext.CLIENT, critical=True)), [root.anchor])


@scenario
def critical_and_any():
    """Root → Leaf (a critical anyExtendedKeyUsage)

    RFC 5280 §4.2.1.12: "Conforming CAs SHOULD NOT mark this extension as critical if the anyExtendedKeyUsage KeyPurposeId is present."
    """
    root = CA("Root")
    leaf = root.leaf(ext.purposes(ext.ANY_PURPOSE, critical=True))
    return reject("certificate_malformed", leaf, leaf, [root.anchor])


@scenario
def no_purpose_in_the_list():
    """Root → Leaf (extKeyUsage with an empty list)

    RFC 5280 §4.2.1.12: ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId.
    """
    root = CA("Root")
    return reject("certificate_malformed", None, root.leaf(ext.purposes()), [root.anchor])


@scenario
def named_in_the_question():
    """Root → Leaf (emailProtection), asked for emailProtection

    contract.md: `extended_key_usage`.
    """
    root = CA("Root")
    return accept(root.leaf(ext.purposes(ext.MAIL)), [root.anchor], extended_key_usage=["emailProtection"])


@scenario
def two_named_and_one_there():
    """Root → Leaf (emailProtection), asked for emailProtection and codeSigning

    RFC 5280 §4.2.1.12: "If multiple purposes are indicated the application need not recognize all purposes indicated, as long as the
    intended purpose is present": each that is asked must be.
    """
    root = CA("Root")
    leaf = root.leaf(ext.purposes(ext.MAIL))
    return reject("purpose_not_permitted", leaf, leaf, [root.anchor], extended_key_usage=["emailProtection", "codeSigning"])


@scenario
def a_private_purpose():
    """Root → Leaf (1.3.6.1.4.1.55738.666.7), asked for just that

    RFC 5280 §4.2.1.12: "Key purposes may be defined by any organization with a need."
    """
    root = CA("Root")
    own = "1.3.6.1.4.1.55738.666.7"
    return accept(root.leaf(ext.purposes(own)), [root.anchor], extended_key_usage=[own])


@scenario
def none_asked():
    """Root → Leaf (codeSigning), no purpose asked

    contract.md: "`no_eku`: no purpose is asked."
    """
    root = CA("Root")
    return accept(root.leaf(ext.purposes(ext.CODE)), [root.anchor], no_eku=True)


@scenario
def nested():
    """Root → Issuing (clientAuth, emailProtection) → Leaf (clientAuth)

    docs/divergences: extKeyUsage in a CA certificate restricts what is below; here it allows.
    """
    root, issuing, below = under(ext.CLIENT, ext.MAIL)
    return accept(issuing.leaf(), [root.anchor], [below])


@scenario
def nested_and_missing():
    """Root → Issuing (emailProtection) → Leaf (clientAuth)

    docs/divergences: extKeyUsage in a CA certificate restricts what is below.
    """
    root, issuing, below = under(ext.MAIL)
    return reject("purpose_not_permitted", None, issuing.leaf(), [root.anchor], [below])


@scenario
def nested_any():
    """Root → Issuing (anyExtendedKeyUsage) → Leaf (clientAuth)

    RFC 5280 §4.2.1.12: anyExtendedKeyUsage restricts nothing.
    """
    root, issuing, below = under(ext.ANY_PURPOSE)
    return accept(issuing.leaf(), [root.anchor], [below])


@scenario
def nested_and_disjoint():
    """Root → Level 1 (clientAuth) → Level 2 (serverAuth) → Leaf (clientAuth, serverAuth)

    docs/divergences: every CA of the path must leave the purpose open.
    """
    root, one, two = CA("Root"), CA("Level 1"), CA("Level 2")
    pool = [root.certify(one, ext.purposes(ext.CLIENT)), one.certify(two, ext.purposes(ext.SERVER))]
    return reject("purpose_not_permitted", None, two.leaf(ext.purposes(ext.CLIENT, ext.SERVER)), [root.anchor], pool)


@scenario
def nested_and_not_asked():
    """Root → Issuing (emailProtection) → Leaf (clientAuth), no purpose asked

    contract.md: "`no_eku`: no purpose is asked", of no certificate.
    """
    root, issuing, below = under(ext.MAIL)
    return accept(issuing.leaf(), [root.anchor], [below], no_eku=True)


@scenario
def nested_in_the_anchor():
    """Root (emailProtection) → Leaf (clientAuth)

    contract.md: "The anchor's own … constraints … are enforced (RFC 5937)".
    """
    root = CA("Root", exts=[ext.purposes(ext.MAIL)])
    return reject("purpose_not_permitted", None, root.leaf(), [root.anchor])


@scenario
def nested_in_the_anchor_lax():
    """Root (emailProtection) → Leaf (clientAuth), with `lax`

    RFC 5280 §6.1.1 (d): of an anchor only name and key count.
    """
    root = CA("Root", exts=[ext.purposes(ext.MAIL)])
    return accept(root.leaf(), [root.anchor], lax=True)


@scenario
def key_usage_there():
    """Root → Leaf (digitalSignature, keyAgreement), both asked

    contract.md: "`key_usage` is required of the leaf."
    """
    root = CA("Root")
    return accept(root.leaf(ext.usage("digitalSignature", "keyAgreement")), [root.anchor], key_usage=["digitalSignature", "keyAgreement"])


@scenario
def key_usage_missing():
    """Root → Leaf (keyAgreement), digitalSignature asked: an encryption certificate is not for logging in

    RFC 5280 §4.2.1.3: "The digitalSignature bit is asserted when the subject public key is used for verifying digital signatures".
    """
    root = CA("Root")
    leaf = root.leaf(ext.usage("keyAgreement"))
    return reject("purpose_not_permitted", leaf, leaf, [root.anchor], key_usage=["digitalSignature"])


@scenario
def key_usage_absent():
    """Root → Leaf (no keyUsage), digitalSignature asked

    RFC 5280 §4.2.1.3: the extension restricts; without it nothing is restricted.
    """
    root = CA("Root")
    return accept(root.leaf(without=[ext.KEY_USAGE]), [root.anchor], key_usage=["digitalSignature"])


@scenario
def key_usage_with_a_tenth_bit():
    """Root → Leaf (keyUsage of 24 bits)

    RFC 5280 §4.2.1.3: KeyUsage has nine bits.
    """
    root = CA("Root")
    leaf = root.leaf(ext.Extension(ext.KEY_USAGE, True, der.bits(b"\x80\x00\x01")))
    return reject("certificate_malformed", None, leaf, [root.anchor])
