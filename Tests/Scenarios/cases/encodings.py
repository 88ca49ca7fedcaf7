"""Names that are the same although their bytes differ, and names that are not: RFC 5280 §7.1, RFC 4518."""
from making import names
from making.authority import CA
from making.names import COMMON, COUNTRY, DOMAIN, EMAIL, ORGANIZATION, UNIT
from making.scenario import accept, reject, scenario


def same(subject, issuer):
    """Root is called `subject`; its leaf calls it `issuer`, and that is the same name."""
    root = CA(subject)
    leaf = root.leaf(issuer=issuer)
    return accept(leaf, [root.anchor], path=[leaf, root.anchor])


def different(subject, issuer):
    root = CA(subject)
    leaf = root.leaf(issuer=issuer)
    return reject("issuer_unknown", leaf, leaf, [root.anchor])


def plain(value):
    return names.dn((COUNTRY, "CN"), (COMMON, value))


@scenario
def case():
    """Root "CN=Heng Jiang Root" → Leaf, issuer "CN=HENG JIANG root"

    RFC 5280 §7.1: "Conforming implementations MUST support name comparisons using caseIgnoreMatch."
    """
    return same(plain("Heng Jiang Root"), plain("HENG JIANG root"))


@scenario
def inner_spaces():
    """Root "CN=Heng Jiang Root" → Leaf, issuer "CN=Heng   Jiang Root"

    RFC 5280 §7.1: "including insignificant space handling"; RFC 4518 §2.6.1.
    """
    return same(plain("Heng Jiang Root"), plain("Heng   Jiang Root"))


@scenario
def outer_spaces():
    """Root "CN=Heng Jiang" → Leaf, issuer "CN=  Heng Jiang "

    RFC 4518 §2.6.1: leading and trailing spaces are insignificant.
    """
    return same(plain("Heng Jiang"), plain("  Heng Jiang "))


@scenario
def a_space_is_not_nothing():
    """Root "CN=Heng Jiang" → Leaf, issuer "CN=HengJiang"

    RFC 4518 §2.6.1: one space between words stays.
    """
    return different(plain("Heng Jiang"), plain("HengJiang"))


@scenario
def printable_and_utf8():
    """Root CN a PrintableString → Leaf, issuer CN a UTF8String

    RFC 5280 §7.1: "MUST use the LDAP StringPrep profile … as the basis for comparison of distinguished name attributes encoded in either
    PrintableString or UTF8String."
    """
    return same(plain(names.printable("Root")), plain(names.utf8("Root")))


@scenario
def printable_and_utf8_and_case():
    """Root CN a PrintableString "ROOT  ca" → Leaf, issuer CN a UTF8String "Root CA"

    RFC 5280 §7.1: all of it together.
    """
    return same(plain(names.printable("ROOT  ca")), plain(names.utf8("Root CA")))


@scenario
def bmp_and_utf8():
    """Root CN a BMPString "恒江" → Leaf, issuer CN a UTF8String "恒江"

    RFC 4518 §2.1: "Each non-Unicode string value is transcoded to Unicode"; a BMPString is Unicode already.
    """
    return same(plain(names.bmp("恒江 Root")), plain(names.utf8("恒江 root")))


@scenario
def full_width():
    """Root "CN=ＲＯＯＴ　１" (full width) → Leaf, issuer "CN=root 1"

    RFC 4518 §2.3: "The input string is to be normalized to Unicode Form KC".
    """
    return same(plain("ＲＯＯＴ　１"), plain("root 1"))


@scenario
def composed_and_decomposed():
    """Root "CN=Café" with U+00E9 → Leaf, issuer "CN=Café" with U+0065 U+0301

    RFC 4518 §2.3, Form KC.
    """
    return same(plain("Caf\u00e9"), plain("Cafe\u0301"))


@scenario
def case_beyond_ascii():
    """Root "CN=ÄÖÜ ЖИ" → Leaf, issuer "CN=äöü жи"

    RFC 4518 §2.2: "characters are case folded per B.2 of [StringPrep]".
    """
    return same(plain("ÄÖÜ ЖИ"), plain("äöü жи"))


@scenario
def sharp_s():
    """Root "CN=Straße" → Leaf, issuer "CN=STRASSE"

    RFC 4518 §2.2 and RFC 3454 B.2: U+00DF folds to "ss".
    """
    return same(plain("Straße"), plain("STRASSE"))


@scenario
def soft_hyphen():
    """Root "CN=Heng\u00adJiang" with a soft hyphen → Leaf, issuer "CN=HengJiang"

    RFC 4518 §2.2: "SOFT HYPHEN (U+00AD) … code points are mapped to nothing."
    """
    return same(plain("Heng\u00adJiang"), plain("HengJiang"))


@scenario
def accents_matter():
    """Root "CN=Café" → Leaf, issuer "CN=Cafe"

    RFC 4518 §2.3: Form KC keeps accents.
    """
    return different(plain("Café"), plain("Cafe"))


@scenario
def look_alike():
    """Root "CN=Root" → Leaf, issuer "CN=Rооt" with two Cyrillic letters

    RFC 5280 §8: what only looks the same is not the same.
    """
    return different(plain("Root"), plain("R\u043e\u043et"))


@scenario
def several_in_one_rdn():
    """Root "CN=Root+OU=PKI" with OU first by its DER → Leaf, issuer with the string types swapped, which turns their order

    RFC 5280 §7.1: "Two relative distinguished names RDN1 and RDN2 match if they have the same number of naming attributes and for each
    naming attribute in RDN1 there is a matching naming attribute in RDN2."
    """
    one = names.dn((COUNTRY, "CN"), [(UNIT, names.printable("b")), (UNIT, names.utf8("a"))])
    two = names.dn((COUNTRY, "CN"), [(UNIT, names.utf8("b")), (UNIT, names.printable("a"))])
    return same(one, two)


@scenario
def order_of_rdns():
    """Root "C=CN, CN=Root" → Leaf, issuer "CN=Root, C=CN"

    RFC 5280 §7.1: "matching RDNs appear in the same order in both".
    """
    return different(names.dn((COUNTRY, "CN"), (COMMON, "Root")), names.dn((COMMON, "Root"), (COUNTRY, "CN")))


@scenario
def one_rdn_or_two():
    """Root "O=X, CN=Root" → Leaf, issuer "O=X+CN=Root"

    RFC 5280 §7.1: "Two distinguished names DN1 and DN2 match if they have the same number of RDNs".
    """
    return different(names.dn((ORGANIZATION, "X"), (COMMON, "Root")), names.dn([(ORGANIZATION, "X"), (COMMON, "Root")]))


@scenario
def one_attribute_more():
    """Root "CN=Root" → Leaf, issuer "CN=Root, OU=PKI"

    RFC 5280 §7.1: the same number of RDNs.
    """
    return different(names.dn((COMMON, "Root")), names.dn((COMMON, "Root"), (UNIT, "PKI")))


@scenario
def other_type_of_attribute():
    """Root "O=Root" → Leaf, issuer "OU=Root"

    RFC 5280 §7.1: "Two naming attributes match if the attribute types are the same".
    """
    return different(names.dn((ORGANIZATION, "Root")), names.dn((UNIT, "Root")))


@scenario
def boundaries_of_values():
    """Root "O=ab, OU=c" → Leaf, issuer "O=a, OU=bc"

    RFC 5280 §7.1: values are compared one by one, not run together.
    """
    return different(names.dn((ORGANIZATION, "ab"), (UNIT, "c")), names.dn((ORGANIZATION, "a"), (UNIT, "bc")))


@scenario
def teletex_same_bytes():
    """Root CN a TeletexString "Bär" → Leaf, the same bytes

    RFC 5280 §7.1: what is not prepared is compared byte by byte.
    """
    return same(plain(names.teletex("Bär")), plain(names.teletex("Bär")))


@scenario
def teletex_other_case():
    """Root CN a TeletexString "Bär" → Leaf, issuer CN a TeletexString "BÄR"

    RFC 5280 §7.1: preparation is asked of PrintableString and UTF8String; other types are compared byte by byte.
    """
    return different(plain(names.teletex("Bär")), plain(names.teletex("BÄR")))


@scenario
def domain_components():
    """Root "DC=Example, DC=COM" → Leaf, issuer "DC=example, DC=com"

    RFC 5280 §7.3: "Conforming implementations MUST perform a case-insensitive exact match when comparing the domain name labels
    represented in the domainComponent attributes".
    """
    return same(names.dn((DOMAIN, "COM"), (DOMAIN, "Example")), names.dn((DOMAIN, "com"), (DOMAIN, "example")))


@scenario
def email_attribute():
    """Root "E=CA@Example.COM" → Leaf, issuer "E=ca@example.com"

    RFC 5280 Appendix A.1, emailAddress; RFC 2985 §5.2.1: "EQUALITY MATCHING RULE pkcs9CaseIgnoreMatch".
    """
    return same(names.dn((EMAIL, "CA@Example.COM")), names.dn((EMAIL, "ca@example.com")))


@scenario
def intermediate_named_otherwise():
    """Root → Issuing (UTF8String, "ISSUING") → Leaf, issuer "Issuing" (PrintableString)

    RFC 5280 §6.1.3 (a)(4) by §7.1, in the middle of a path.
    """
    root, issuing = CA("Root"), CA(plain(names.utf8("ISSUING")))
    return accept(issuing.leaf(issuer=plain(names.printable("Issuing"))), [root.anchor], [root.certify(issuing)])


@scenario
def self_issued_though_bytes_differ():
    """Root → "Issuing" (0) → "ISSUING", new key, issuer "Issuing" → Leaf

    RFC 5280 §6.1: "A certificate is self-issued if the same DN appears in the subject and issuer fields (the two DNs are the same if
    they match according to the rules specified in Section 7.1)."
    """
    root, old = CA("Root"), CA(plain("Issuing"))
    new = CA(plain(names.printable("ISSUING")))
    return accept(new.leaf(), [root.anchor], [root.certify(old, path=0), old.certify(new)])


@scenario
def anchor_named_otherwise():
    """[Root, "CN=root"] → Leaf, issuer "CN=ROOT"; in the pool the same key as "CN=Root"

    RFC 5280 §7.1: one name and one key are one CA.
    """
    root = CA(plain("root"))
    again = CA(plain("Root"), key=root.key)
    leaf = root.leaf(issuer=plain("ROOT"))
    return accept(leaf, [root.anchor], [root.certify(again)], path=[leaf, root.anchor])


@scenario
def empty_issuer():
    """Leaf with an empty issuer

    RFC 5280 §4.1.2.4: "The issuer field MUST contain a non-empty distinguished name (DN)."
    """
    root = CA("Root")
    leaf = root.leaf(issuer=names.EMPTY)
    return reject("certificate_malformed", leaf, leaf, [root.anchor])


@scenario
def letters_that_utf8_does_not_have():
    """Root → Leaf whose subject is a UTF8String of the bytes C3 28

    X.690 §8.21, RFC 3629 §3: not UTF-8.
    """
    root = CA("Root")
    bad = names.dn((COMMON, b"\x0c\x02\xc3\x28"))
    leaf = root.leaf(subject=bad)
    return reject("certificate_malformed", None, leaf, [root.anchor])


@scenario
def a_nul_that_printable_strings_do_not_have():
    """Root "C=CN, CN=Root" → Leaf, issuer C a PrintableString of the octets "CN" and 00

    X.680 §41.4: PrintableString has letters, digits, spaces and eleven marks. RFC 4518 §2.2 would map a NUL to nothing, but there is none to map.
    """
    root = CA(plain("Root"))
    leaf = root.leaf(issuer=names.dn((COUNTRY, b"\x13\x03CN\x00"), (COMMON, "Root")))
    return reject("certificate_malformed", None, leaf, [root.anchor])
