"""Malformed certificates: X.690, RFC 5280 §4.1. Whatever the bytes are, there is a code and no crash."""
from making import der, extensions as ext, keys, names
from making.authority import CA, DAY, NOW, Made, armored
from making.scenario import accept, reject, scenario


def malformed(leaf, root=None, **fields):
    return reject("certificate_malformed", None, leaf, [(root or CA("Root")).anchor], **fields)


def reshaped(change):
    """Root → Leaf, the leaf's DER changed by `change`."""
    root = CA("Root")
    return malformed(Made(change(root.leaf().der)), root)


def resigned(change):
    """Root → Leaf, the leaf's tbs changed by `change` and signed again: only the shape is wrong."""
    root = CA("Root")
    tbs = change(root.leaf().tbs)
    return malformed(Made(der.sequence(tbs, root.key.algorithm(), der.bits(root.key.sign(tbs)))), root)


def refielded(position, field):
    """The member of tbs at this position (version is 0) replaced by another."""
    def change(tbs):
        members = split(tbs)
        return der.sequence(*members[:position], field, *members[position + 1:])
    return resigned(change)


def split(encoded):
    """The members of a constructed value with an ordinary length."""
    def header(data):
        if data[1] < 0x80:
            return 2, data[1]
        count = data[1] & 0x7F
        return 2 + count, int.from_bytes(data[2:2 + count], "big")
    start, count = header(encoded)
    content, members = encoded[start:start + count], []
    while content:
        start, count = header(content)
        members.append(content[:start + count])
        content = content[start + count:]
    return members


@scenario
def cut_off():
    """Root → Leaf, the last byte missing

    X.690 §8.1.3: the length says how many octets there are.
    """
    return reshaped(lambda data: data[:-1])


@scenario
def cut_in_half():
    """Root → Leaf, its second half missing

    X.690 §8.1.3.
    """
    return reshaped(lambda data: data[:len(data) // 2])


@scenario
def a_byte_too_many():
    """Root → Leaf and a zero byte

    X.690: a value ends where its length says.
    """
    return reshaped(lambda data: data + b"\x00")


@scenario
def two_in_one_block():
    """Root → Leaf, the same again in the same PEM block

    RFC 7468 §5: one certificate a block.
    """
    return reshaped(lambda data: data + data)


@scenario
def nothing():
    """A PEM block without a byte

    RFC 7468 §2.
    """
    root = CA("Root")
    return malformed("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", root)


@scenario
def an_empty_sequence():
    """An empty SEQUENCE

    RFC 5280 §4.1: Certificate has three members.
    """
    return reshaped(lambda data: der.sequence())


@scenario
def not_a_sequence():
    """Root → Leaf as a SET

    RFC 5280 §4.1: Certificate ::= SEQUENCE.
    """
    return reshaped(lambda data: b"\x31" + data[1:])


@scenario
def noise():
    """400 bytes of noise

    X.690: not DER.
    """
    return reshaped(lambda data: bytes((number * 7919 + 13) % 256 for number in range(400)))


@scenario
def no_pem():
    """Text that is no PEM

    RFC 7468 §2.
    """
    return malformed("certificate, please")


@scenario
def no_base64():
    """A PEM block of something else

    RFC 7468 §2.
    """
    return malformed("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n")


@scenario
def no_end():
    """A PEM block that does not end

    RFC 7468 §2.
    """
    return malformed(CA("Root").leaf().pem.split("-----END")[0])


@scenario
def missing():
    """No leaf at all

    contract.md: `certificate_missing`.
    """
    return reject("certificate_missing", None, "", [CA("Root").anchor])


@scenario
def explanatory_text():
    """Root → Leaf, text around its PEM block

    RFC 7468 §2: "Data before the encapsulation boundaries are permitted, and parsers MUST NOT malfunction when processing such data."
    """
    root = CA("Root")
    return accept("Subject: CN=Leaf\n" + root.leaf().pem + "that was it\n", [root.anchor])


@scenario
def windows_line_ends():
    """Root → Leaf, lines that end with CR LF

    RFC 7468 §3: eol is CRLF, CR or LF.
    """
    root = CA("Root")
    return accept(root.leaf().pem.replace("\n", "\r\n"), [root.anchor])


@scenario
def long_form_length():
    """Root → Leaf, a short length written in two octets

    X.690 §10.1: "The definite form of length encoding shall be used, encoded in the minimum number of octets."
    """
    def change(tbs):
        members = split(tbs)
        serial = members[1]
        return der.sequence(members[0], bytes([0x02, 0x81, serial[1]]) + serial[2:], *members[2:])
    return resigned(change)


@scenario
def indefinite_length():
    """Root → Leaf, the outermost length indefinite

    X.690 §10.1.
    """
    return reshaped(lambda data: b"\x30\x80" + b"".join(split(data)) + b"\x00\x00")


@scenario
def length_of_four_gigabytes():
    """A SEQUENCE that says it has 4,294,967,295 octets

    X.690 §8.1.3: they are not there; nothing is reserved for them.
    """
    return reshaped(lambda data: b"\x30\x84\xff\xff\xff\xff" + data[4:])


@scenario
def length_of_nine_octets():
    """A length written in nine octets

    X.690 §10.1.
    """
    return reshaped(lambda data: b"\x30\x89" + bytes(9) + data[4:])


@scenario
def padded_serial():
    """Root → Leaf (serialNumber with a leading zero octet that is not needed)

    X.690 §8.3.2: "the bits of the first octet and bit 8 of the second octet shall not all be zeros."
    """
    return malformed_serial(b"\x02\x03\x00\x01\x02")


@scenario
def serial_of_no_octets():
    """Root → Leaf (serialNumber without content)

    X.690 §8.3.1: "The contents octets shall consist of one or more octets."
    """
    return malformed_serial(b"\x02\x00")


@scenario
def serial_that_is_a_string():
    """Root → Leaf (serialNumber a UTF8String)

    RFC 5280 §4.1: CertificateSerialNumber ::= INTEGER.
    """
    return malformed_serial(b"\x0c\x01\x35")


def malformed_serial(number):
    root = CA("Root")
    return malformed(root.leaf(serial=number), root)


@scenario
def version_4():
    """Root → Leaf (version 4)

    RFC 5280 §4.1: Version ::= INTEGER { v1(0), v2(1), v3(2) }.
    """
    root = CA("Root")
    return malformed(root.leaf(version=4), root)


@scenario
def version_1_written_out():
    """Root → Leaf (version v1 written out, without extensions)

    X.690 §11.5: "The encoding of a set value or sequence value shall not include an encoding for any component value which is equal to
    its default value."
    """
    root = CA("Root")
    leaf = root.leaf(wrapped=b"", version=3)
    tbs = der.sequence(der.explicit(0, der.integer(0)), *split(leaf.tbs)[1:])
    return malformed(Made(der.sequence(tbs, root.key.algorithm(), der.bits(root.key.sign(tbs)))), root)


@scenario
def extensions_in_version_1():
    """Root → Leaf (version 1 with extensions)

    RFC 5280 §4.1.2.9: "This field MUST only appear if the version is 3".
    """
    root = CA("Root")
    return malformed(root.leaf(version=1), root)


@scenario
def unique_identifiers_in_version_1():
    """Root → Leaf (version 1 with issuerUniqueID)

    RFC 5280 §4.1.2.8: "These fields MUST only appear if the version is 2 or 3".
    """
    root = CA("Root")
    return malformed(root.leaf(version=1, wrapped=b"", tail=der.tlv(0x81, b"\x00\x01")), root)


@scenario
def extension_twice():
    """Root → Leaf (two subjectAltName extensions)

    RFC 5280 §4.2: "A certificate MUST NOT include more than one instance of a particular extension."
    """
    root = CA("Root")
    return malformed(root.leaf(ext.alternative(names.dns("a.example.com")), ext.alternative(names.dns("b.example.com"))), root)


@scenario
def unknown_extension_twice():
    """Root → Leaf (one unknown extension twice, not critical)

    RFC 5280 §4.2, as above: whether it is understood or not.
    """
    root = CA("Root")
    return malformed(root.leaf(ext.unknown(False), ext.unknown(False)), root)


@scenario
def no_extension_in_the_list():
    """Root → Leaf (an empty list of extensions)

    RFC 5280 §4.1: Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension.
    """
    root = CA("Root")
    return malformed(root.leaf(wrapped=der.explicit(3, der.sequence())), root)


@scenario
def critical_false_written_out():
    """Root → Leaf (an extension with critical FALSE written out)

    X.690 §11.5, RFC 5280 §4.1: critical BOOLEAN DEFAULT FALSE.
    """
    root = CA("Root")
    one = der.sequence(der.oid(ext.UNKNOWN), der.boolean(False), der.octets(der.null()))
    return malformed(root.leaf(wrapped=der.explicit(3, der.sequence(one))), root)


@scenario
def critical_of_one():
    """Root → Leaf (an extension whose critical is the octet 01)

    X.690 §11.1: "If the encoding represents the boolean value TRUE, its single contents octet shall have all eight bits set to one."
    """
    root = CA("Root")
    one = der.sequence(der.oid(ext.UNKNOWN), b"\x01\x01\x01", der.octets(der.null()))
    return malformed(root.leaf(wrapped=der.explicit(3, der.sequence(one))), root)


@scenario
def extension_with_a_fourth_member():
    """Root → Leaf (an extension with a NULL after its value)

    RFC 5280 §4.1: Extension has three members.
    """
    root = CA("Root")
    one = der.sequence(der.oid(ext.UNKNOWN), der.octets(der.null()), der.null())
    return malformed(root.leaf(wrapped=der.explicit(3, der.sequence(one))), root)


@scenario
def a_hundred_extensions():
    """Root → Leaf (100 unknown extensions, none critical)

    No rule of RFC 5280; docs/validation.md bounds a certificate at 64 extensions.
    """
    root = CA("Root")
    return malformed(root.leaf(*(ext.Extension(f"{ext.UNKNOWN}.{number}", False, der.null()) for number in range(100))), root)


@scenario
def basic_constraints_with_trailing_bytes():
    """Root → Leaf (basicConstraints and a NULL behind it)

    X.690: one value in the OCTET STRING.
    """
    root = CA("Root")
    return malformed(root.leaf(ext.Extension(ext.BASIC, True, der.sequence() + der.null())), root)


@scenario
def ca_false_written_out():
    """Root → Leaf (basicConstraints with cA FALSE written out)

    X.690 §11.5; docs/divergences names it.
    """
    root = CA("Root")
    return malformed(root.leaf(ext.Extension(ext.BASIC, True, der.sequence(der.boolean(False)))), root)


@scenario
def key_usage_with_unused_bits_set():
    """Root → Leaf (keyUsage whose unused bits are ones)

    X.690 §11.2.1: "Each unused bit in the final octet of the encoding of a bit string value shall be set to zero."
    """
    root = CA("Root")
    return malformed(root.leaf(ext.Extension(ext.KEY_USAGE, True, b"\x03\x02\x07\xff")), root)


@scenario
def no_name_in_the_alternative_names():
    """Root → Leaf (subjectAltName with an empty list)

    RFC 5280 §4.2.1.6: GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName.
    """
    root = CA("Root")
    return malformed(root.leaf(ext.alternative()), root)


@scenario
def alternative_name_that_is_bare_text():
    """Root → Leaf (subjectAltName of bare text)

    RFC 5280 §4.2.1.6.
    """
    root = CA("Root")
    return malformed(root.leaf(ext.Extension(ext.SAN, False, b"www.example.com")), root)


@scenario
def alternative_name_beyond_ascii():
    """Root → Leaf (dNSName with a UTF-8 letter)

    RFC 5280 §4.2.1.6: dNSName [2] IA5String.
    """
    root = CA("Root")
    return malformed(root.leaf(ext.alternative(names.dns("bär.example.com"))), root)


@scenario
def address_of_five_octets():
    """Root → Leaf (iPAddress of five octets)

    RFC 5280 §4.2.1.6: four or sixteen.
    """
    root = CA("Root")
    return malformed(root.leaf(ext.alternative(der.tlv(0x87, b"12345"))), root)


@scenario
def distribution_point_of_reasons_only():
    """Root → Leaf (a distribution point with reasons and nothing else)

    RFC 5280 §4.2.1.13: "a DistributionPoint MUST NOT consist of only the reasons field; either distributionPoint or cRLIssuer MUST be
    present."
    """
    root = CA("Root")
    point = ext.distribution_points(ext.distribution_point(reasons=["keyCompromise"]))
    return malformed(root.leaf(point), root)


@scenario
def name_with_an_empty_rdn():
    """Root → Leaf (a subject whose RDN is an empty SET)

    RFC 5280 §4.1.2.4: RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue.
    """
    root = CA("Root")
    return malformed(root.leaf(subject=der.sequence(der.tlv(0x31))), root)


@scenario
def name_that_is_a_string():
    """Root → Leaf (subject a UTF8String)

    RFC 5280 §4.1.2.4: Name is a SEQUENCE OF SETs.
    """
    root = CA("Root")
    return malformed(root.leaf(subject=names.utf8("Leaf")), root)


@scenario
def attribute_without_a_value():
    """Root → Leaf (an attribute of the subject that has a type alone)

    RFC 5280 §4.1.2.4: AttributeTypeAndValue has two members.
    """
    root = CA("Root")
    return malformed(root.leaf(subject=der.sequence(der.set_of(der.sequence(der.oid(names.COMMON))))), root)


@scenario
def object_identifier_with_padding():
    """Root → Leaf (an attribute type whose arc begins with 80)

    X.690 §8.19.2: "the leading octet of the subidentifier shall not have the value 80".
    """
    root = CA("Root")
    bad = der.sequence(der.set_of(der.sequence(b"\x06\x04\x55\x04\x80\x03", names.utf8("Leaf"))))
    return malformed(root.leaf(subject=bad), root)


@scenario
def object_identifier_that_does_not_end():
    """Root → Leaf (an attribute type whose last octet says that more follows)

    X.690 §8.19.2.
    """
    root = CA("Root")
    bad = der.sequence(der.set_of(der.sequence(b"\x06\x03\x55\x04\x83", names.utf8("Leaf"))))
    return malformed(root.leaf(subject=bad), root)


@scenario
def bmp_string_of_three_octets():
    """Root → Leaf (a BMPString of three octets in the subject)

    X.690 §8.23.7: two octets a character.
    """
    root = CA("Root")
    return malformed(root.leaf(subject=names.dn((names.COMMON, der.tlv(0x1E, b"abc")))), root)


@scenario
def signature_that_is_an_octet_string():
    """Root → Leaf (signatureValue an OCTET STRING)

    RFC 5280 §4.1.1.3: BIT STRING.
    """
    def change(data):
        tbs, algorithm, value = split(data)
        return der.sequence(tbs, algorithm, b"\x04" + value[1:])
    return reshaped(change)


@scenario
def signature_with_unused_bits():
    """Root → Leaf (signatureValue with four unused bits)

    RFC 5280 §4.1.1.3, RFC 5758 §3.2: whole octets.
    """
    root = CA("Root")
    return malformed(root.leaf(unused=4, signature=lambda tbs: root.key.sign(tbs) + b"\x00"), root)


@scenario
def a_fourth_member():
    """Root → Leaf (a NULL behind the signature)

    RFC 5280 §4.1: Certificate has three members.
    """
    return reshaped(lambda data: der.sequence(*split(data), der.null()))


@scenario
def members_in_another_order():
    """Root → Leaf (subject before the validity)

    RFC 5280 §4.1: TBSCertificate's members have an order.
    """
    def change(tbs):
        members = split(tbs)
        members[4], members[5] = members[5], members[4]
        return der.sequence(*members)
    return resigned(change)


@scenario
def validity_of_one_time():
    """Root → Leaf (validity with notBefore alone)

    RFC 5280 §4.1: Validity has two members.
    """
    return refielded(4, der.sequence(der.time(NOW - DAY)))


@scenario
def key_that_is_no_sequence():
    """Root → Leaf (subjectPublicKeyInfo a NULL)

    RFC 5280 §4.1: SubjectPublicKeyInfo ::= SEQUENCE.
    """
    return refielded(6, der.null())


@scenario
def a_thousand_deep():
    """Root → Leaf (its subject 1,000 SEQUENCEs deep)

    No rule of RFC 5280: nesting is bounded before it is followed.
    """
    deep = b""
    for _ in range(1000):
        deep = der.sequence(deep)
    root = CA("Root")
    return malformed(root.leaf(subject=deep), root)


@scenario
def thirty_thousand_deep():
    """30,000 SEQUENCEs in each other

    As above; no stack is that deep.
    """
    def change(_):
        deep = b""
        for _ in range(30_000):
            deep = der.sequence(deep)
        return deep
    return reshaped(change)


@scenario
def deep_where_nobody_looks():
    """Root → Leaf (an unknown extension whose value is 1,000 SEQUENCEs deep, not critical)

    RFC 5280 §4.2: what is not recognized is ignored, whatever it holds.
    """
    deep = b""
    for _ in range(1000):
        deep = der.sequence(deep)
    root = CA("Root")
    return accept(root.leaf(ext.unknown(False, deep)), [root.anchor])


@scenario
def two_hundred_kilobytes():
    """Root → Leaf (an unknown extension of 200 KiB)

    No rule of RFC 5280; docs/validation.md bounds a certificate at 128 KiB.
    """
    root = CA("Root")
    return malformed(root.leaf(ext.unknown(False, der.octets(bytes(200 * 1024)))), root)


@scenario
def a_hundred_kilobytes():
    """Root → Leaf (an unknown extension of 100 KiB)

    RFC 5280 §4.2: large is not wrong.
    """
    root = CA("Root")
    return accept(root.leaf(ext.unknown(False, der.octets(bytes(100 * 1024)))), [root.anchor])


@scenario
def broken_intermediates_beside_a_good_one():
    """Root → Issuing (cut off), (a byte too many), (not PEM), (good) → Leaf

    contract.md: "A certificate in a pool that does not parse is skipped".
    """
    root, issuing = CA("Root"), CA("Issuing")
    good = root.certify(issuing)
    leaf = issuing.leaf()
    pool = [Made(good.der[:-2]), Made(good.der + b"\x00"), "no PEM", "", armored(b"\x30\x00"), good]
    return accept(leaf, [root.anchor], pool, path=[leaf, good, root.anchor])


@scenario
def intermediate_with_an_extension_twice():
    """Root → Issuing (basicConstraints twice) → Leaf

    RFC 5280 §4.2: it does not parse and is skipped, so nobody is called Issuing.
    """
    root, issuing = CA("Root"), CA("Issuing")
    bad = root.certify(issuing, ext.basic(), ext.basic(path=5))
    leaf = issuing.leaf()
    return reject("issuer_unknown", leaf, leaf, [root.anchor], [bad])


@scenario
def a_list_where_the_leaf_belongs():
    """Root → a CRL in a CERTIFICATE block

    RFC 5280 §4.1: TBSCertList is no TBSCertificate.
    """
    root = CA("Root")
    return malformed(armored(root.crl().der), root)


@scenario
def everything_wrong_at_once():
    """Root ⇢ Leaf: another key signed it, it expired, and its extKeyUsage is for servers

    contract.md: "Where several hold, the first in this order is told: signature → …".
    """
    root = CA("Root")
    leaf = root.leaf(ext.purposes(ext.SERVER), key=keys.elliptic("somebody"), end=NOW - DAY)
    return reject("signature_invalid", leaf, leaf, [root.anchor])


@scenario
def leafs_own_fault_before_the_paths():
    """Nobody → Issuing → Leaf (until yesterday)

    contract.md: "→ the leaf's own fault on the best path → path".
    """
    issuing = CA("Issuing")
    leaf = issuing.leaf(end=NOW - DAY)
    return reject("certificate_expired", leaf, leaf, [CA("Root").anchor], [CA("Nobody").certify(issuing)])


@scenario
def self_made_fields():
    """Root → Leaf with everything that a certificate may have at once

    RFC 5280 §4.2: all of it well made.
    """
    root, issuing = CA("Root"), CA("Issuing")
    leaf = issuing.leaf(
        ext.alternative(names.dns("a.example.com"), names.email("a@example.com"), names.uri("https://a.example.com/"), names.ip("192.0.2.1"),
                        names.ip("2001:db8::1"), names.directory(names.common("A")), names.other("1.3.6.1.4.1.311.20.2.3", names.utf8("a@b")),
                        names.registered("1.2.3")),
        ext.policies("1.2.3", ext.ANY_POLICY), ext.basic(ca=False), ext.subject_key(b"leaf"),
        ext.distribution_points(ext.distribution_point([names.uri("http://crl.example.com/x.crl")])), ext.unknown(False))
    return accept(leaf, [root.anchor], [root.certify(issuing)])
