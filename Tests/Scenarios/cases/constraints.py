"""Name constraints: RFC 5280 §4.2.1.10, §6.1.3 (b), (c), §6.1.4 (g)."""
from making import der, extensions as ext, names
from making.authority import CA
from making.names import COMMON, COUNTRY, EMAIL, ORGANIZATION, UNIT, directory, dns, email, ip, uri
from making.scenario import accept, reject, scenario, unless_lax

PRIVATE = "1.3.6.1.4.1.55738.666.3"


def organization(name, *more):
    return names.dn((COUNTRY, "CN"), (ORGANIZATION, name), *more)


def chain(permitted=(), excluded=(), alternative=(), subject="Leaf", **options):
    """Root → Issuing (these constraints) → Leaf (these names): leaf, anchors, pool."""
    root, issuing = CA("Root"), CA("Issuing")
    pool = [root.certify(issuing, ext.constraints(permitted, excluded), **options)]
    own = [ext.alternative(*alternative)] if alternative else []
    return issuing.leaf(*own, subject=subject), [root.anchor], pool


def allows(*arguments, **options):
    return accept(*chain(*arguments, **options))


def forbids(*arguments, code="name_not_permitted", **options):
    leaf, anchors, pool = chain(*arguments, **options)
    return reject(code, leaf, leaf, anchors, pool)


def broken(*arguments, **options):
    """The constraint itself is malformed: no name of its form passes. Told as a name that is not permitted, or not supported."""
    return forbids(*arguments, code="extension_not_supported", **options)


@scenario
def dns_same():
    """Root → Issuing (permits DNS example.com) → Leaf (DNS example.com)

    RFC 5280 §4.2.1.10: "Any DNS name that can be constructed by simply adding zero or more labels to the left-hand side of the name
    satisfies the name constraint."
    """
    return allows([dns("example.com")], alternative=[dns("example.com")])


@scenario
def dns_below():
    """Root → Issuing (permits DNS example.com) → Leaf (DNS a.b.example.com)

    RFC 5280 §4.2.1.10: "zero or more labels".
    """
    return allows([dns("example.com")], alternative=[dns("a.b.example.com")])


@scenario
def dns_in_capitals():
    """Root → Issuing (permits DNS Example.COM) → Leaf (DNS WWW.example.com)

    RFC 5280 §7.2: "a case-insensitive exact match on the entire DNS name".
    """
    return allows([dns("Example.COM")], alternative=[dns("WWW.example.com")])


@scenario
def dns_same_ending():
    """Root → Issuing (permits DNS example.com) → Leaf (DNS badexample.com)

    RFC 5280 §4.2.1.10: labels are added, not letters.
    """
    return forbids([dns("example.com")], alternative=[dns("badexample.com")])


@scenario
def dns_above():
    """Root → Issuing (permits DNS www.example.com) → Leaf (DNS example.com)

    RFC 5280 §4.2.1.10: labels are added on the left, not taken away.
    """
    return forbids([dns("www.example.com")], alternative=[dns("example.com")])


@scenario
def dns_excluded_below():
    """Root → Issuing (excludes DNS example.com) → Leaf (DNS www.example.com)

    RFC 5280 §6.1.3 (c): "verify that each of the alternative names in the subjectAltName extension … is not within any of the
    excluded_subtrees for that name type."
    """
    return forbids(excluded=[dns("example.com")], alternative=[dns("www.example.com")])


@scenario
def dns_not_excluded():
    """Root → Issuing (excludes DNS www.example.com) → Leaf (DNS example.com, ww.example.com)

    RFC 5280 §6.1.3 (c).
    """
    return allows(excluded=[dns("www.example.com")], alternative=[dns("example.com"), dns("ww.example.com")])


@scenario
def dns_everything_excluded():
    """Root → Issuing (excludes DNS "") → Leaf (DNS example.com)

    RFC 5280 §4.2.1.10: every name comes from the empty one "by simply adding zero or more labels".
    """
    return forbids(excluded=[dns("")], alternative=[dns("example.com")])


@scenario
def dns_with_a_leading_period():
    """Root → Issuing (permits DNS .example.com) → Leaf (DNS www.example.com)

    RFC 5280 §4.2.1.10 gives a leading period a meaning in URI and e-mail constraints; in a DNS constraint it is not a name.
    """
    return broken([dns(".example.com")], alternative=[dns("www.example.com")])


@scenario
def dns_with_a_wildcard_in_the_constraint():
    """Root → Issuing (permits DNS *.example.com) → Leaf (DNS www.example.com)

    RFC 5280 §4.2.1.10: constraints have no wildcards.
    """
    return broken([dns("*.example.com")], alternative=[dns("www.example.com")])


@scenario
def dns_wildcard_within():
    """Root → Issuing (permits DNS example.com) → Leaf (DNS *.example.com)

    RFC 5280 §4.2.1.10: one more label, whatever it stands for.
    """
    return allows([dns("example.com")], alternative=[dns("*.example.com")])


@scenario
def dns_wildcard_that_may_stand_for_the_excluded():
    """Root → Issuing (permits DNS example.com, excludes bar.example.com) → Leaf (DNS *.example.com)

    RFC 5280 §4.2.1.10: "Any name matching a restriction in the excludedSubtrees field is invalid"; the wildcard stands for bar.example.com
    too (RFC 9525 §6.3). CVE-2025-61727.
    """
    return forbids([dns("example.com")], [dns("bar.example.com")], alternative=[dns("*.example.com")])


@scenario
def dns_wildcard_wider_than_the_permitted():
    """Root → Issuing (permits DNS foo.example.com) → Leaf (DNS *.example.com)

    RFC 5280 §6.1.3 (b): the name is not within foo.example.com, and stands for others.
    """
    return forbids([dns("foo.example.com")], alternative=[dns("*.example.com")])


@scenario
def dns_wildcard_beside_the_excluded():
    """Root → Issuing (excludes DNS a.bar.example.com) → Leaf (DNS *.example.com)

    RFC 9525 §6.3: a wildcard stands for one label; a.bar.example.com is two away.
    """
    return allows(excluded=[dns("a.bar.example.com")], alternative=[dns("*.example.com")])


@scenario
def dns_name_that_is_none():
    """Root → Issuing (permits DNS example.com) → Leaf (DNS .example.com, www.example.com)

    RFC 5280 §4.2.1.6: "The name MUST be in the "preferred name syntax""; §6.1.3 (b): each name must be within a permitted subtree.
    """
    return forbids([dns("example.com")], alternative=[dns("www.example.com"), dns(".example.com")])


@scenario
def one_of_two_names_outside():
    """Root → Issuing (permits DNS example.com) → Leaf (DNS example.com, example.org)

    RFC 5280 §6.1.3 (b): "verify that each of the alternative names in the subjectAltName extension … is within one of the
    permitted_subtrees for that name type."
    """
    return forbids([dns("example.com")], alternative=[dns("example.com"), dns("example.org")])


@scenario
def two_permitted():
    """Root → Issuing (permits DNS example.com, example.org) → Leaf (DNS a.example.com, a.example.org)

    RFC 5280 §6.1.3 (b): "within one of the permitted_subtrees".
    """
    return allows([dns("example.com"), dns("example.org")], alternative=[dns("a.example.com"), dns("a.example.org")])


@scenario
def permitted_and_excluded():
    """Root → Issuing (permits and excludes DNS example.com) → Leaf (DNS example.com)

    RFC 5280 §4.2.1.10: "Any name matching a restriction in the excludedSubtrees field is invalid regardless of information appearing in
    the permittedSubtrees."
    """
    return forbids([dns("example.com")], [dns("example.com")], alternative=[dns("example.com")])


@scenario
def form_that_is_not_there():
    """Root → Issuing (permits DNS example.com) → Leaf (e-mail a@example.org)

    RFC 5280 §4.2.1.10: "Restrictions apply only when the specified name form is present. If no name of the type is in the certificate,
    the certificate is acceptable."
    """
    return allows([dns("example.com")], alternative=[email("a@example.org")])


@scenario
def common_name_is_no_dns_name():
    """Root → Issuing (permits DNS example.com) → Leaf (CN=www.example.org, no subjectAltName)

    RFC 5280 §4.2.1.10: DNS constraints apply to subjectAltName.
    """
    return allows([dns("example.com")], subject="www.example.org")


@scenario
def mailbox_same():
    """Root → Issuing (permits e-mail foo@example.com) → Leaf (e-mail foo@EXAMPLE.com)

    RFC 5280 §4.2.1.10: "To indicate a particular mailbox, the constraint is the complete mail address"; §7.5: the host part without case.
    """
    return allows([email("foo@example.com")], alternative=[email("foo@EXAMPLE.com")])


@scenario
def mailbox_of_another():
    """Root → Issuing (permits e-mail foo@example.com) → Leaf (e-mail bar@example.com)

    RFC 5280 §4.2.1.10, "a particular mailbox".
    """
    return forbids([email("foo@example.com")], alternative=[email("bar@example.com")])


@scenario
def mailbox_in_capitals():
    """Root → Issuing (permits e-mail foo@example.com) → Leaf (e-mail FOO@example.com)

    RFC 5280 §7.5: "local-part … exact match": the part before the @ has case.
    """
    return forbids([email("foo@example.com")], alternative=[email("FOO@example.com")])


@scenario
def mail_host():
    """Root → Issuing (permits e-mail example.com) → Leaf (e-mail foo@example.com)

    RFC 5280 §4.2.1.10: "To indicate all Internet mail addresses on a particular host, the constraint is specified as the host name."
    """
    return allows([email("example.com")], alternative=[email("foo@example.com")])


@scenario
def mail_host_below():
    """Root → Issuing (permits e-mail example.com) → Leaf (e-mail foo@mail.example.com)

    RFC 5280 §4.2.1.10: "For example, the constraint "example.com" is satisfied by any mail address at the host "example.com"": that host.
    """
    return forbids([email("example.com")], alternative=[email("foo@mail.example.com")])


@scenario
def mail_domain():
    """Root → Issuing (permits e-mail .example.com) → Leaf (e-mail foo@mail.example.com)

    RFC 5280 §4.2.1.10: "To specify any address within a domain, the constraint is specified with a leading period (as with URIs)."
    """
    return allows([email(".example.com")], alternative=[email("foo@mail.example.com")])


@scenario
def mail_domain_itself():
    """Root → Issuing (permits e-mail .example.com) → Leaf (e-mail foo@example.com)

    RFC 5280 §4.2.1.10: "".example.com" indicates all the Internet mail addresses in the domain "example.com", but not Internet mail
    addresses on the host "example.com"."
    """
    return forbids([email(".example.com")], alternative=[email("foo@example.com")])


@scenario
def mail_excluded():
    """Root → Issuing (excludes e-mail example.com) → Leaf (e-mail foo@example.com)

    RFC 5280 §6.1.3 (c).
    """
    return forbids(excluded=[email("example.com")], alternative=[email("foo@example.com")])


@scenario
def mail_address_that_is_none():
    """Root → Issuing (permits e-mail example.com) → Leaf (e-mail a@b@example.com)

    RFC 5280 §4.2.1.6: "The name MUST be a "Mailbox" as defined in Section 4.1.2 of [RFC2821]."
    """
    return forbids([email("example.com")], alternative=[email("good@example.com"), email("a@b@example.com")])


@scenario
def mail_constraint_that_is_none():
    """Root → Issuing (permits e-mail a@b@example.com) → Leaf (e-mail foo@example.com)

    RFC 5280 §4.2.1.10: a constraint is a mailbox, a host or a domain.
    """
    return broken([email("a@b@example.com")], alternative=[email("foo@example.com")])


@scenario
def mail_in_the_subject():
    """Root → Issuing (permits e-mail example.com) → Leaf (E=foo@example.org in the subject, no subjectAltName)

    RFC 5280 §4.2.1.10: "When a constraint is imposed on the rfc822Name name form, but the certificate does not include a subject
    alternative name, the rfc822Name constraint MUST be applied to the attribute of type emailAddress in the subject distinguished name."
    """
    return forbids([email("example.com")], subject=organization("X", (EMAIL, "foo@example.org")))


@scenario
def mail_in_the_subject_within():
    """Root → Issuing (permits e-mail example.com) → Leaf (E=foo@example.com in the subject, no subjectAltName)

    RFC 5280 §4.2.1.10, as above.
    """
    return allows([email("example.com")], subject=organization("X", (EMAIL, "foo@example.com")))


@scenario
def mail_in_the_subject_excluded():
    """Root → Issuing (excludes e-mail example.com) → Leaf (E=foo@example.com in the subject, no subjectAltName)

    RFC 5280 §4.2.1.10, as above, with §6.1.3 (c).
    """
    return forbids(excluded=[email("example.com")], subject=organization("X", (EMAIL, "foo@example.com")))


@scenario
def ip_in_the_network():
    """Root → Issuing (permits 192.0.2.0/24) → Leaf (192.0.2.77)

    RFC 5280 §4.2.1.10: "the iPAddress field of GeneralName MUST contain eight (8) octets, encoded in the style of RFC 4632 (CIDR)".
    """
    return allows([ip("192.0.2.0/24")], alternative=[ip("192.0.2.77")])


@scenario
def ip_outside():
    """Root → Issuing (permits 192.0.2.0/25) → Leaf (192.0.2.128)

    RFC 5280 §4.2.1.10.
    """
    return forbids([ip("192.0.2.0/25")], alternative=[ip("192.0.2.128")])


@scenario
def ip_excluded():
    """Root → Issuing (excludes 10.0.0.0/8) → Leaf (10.9.8.7)

    RFC 5280 §6.1.3 (c).
    """
    return forbids(excluded=[ip("10.0.0.0/8")], alternative=[ip("10.9.8.7")])


@scenario
def ip_not_excluded():
    """Root → Issuing (excludes 10.0.0.0/8) → Leaf (11.9.8.7)

    RFC 5280 §6.1.3 (c).
    """
    return allows(excluded=[ip("10.0.0.0/8")], alternative=[ip("11.9.8.7")])


@scenario
def ip_version_6():
    """Root → Issuing (permits 2001:db8::/33) → Leaf (2001:db8:7fff::1)

    RFC 5280 §4.2.1.10: "For IPv6 addresses, the iPAddress field MUST contain 32 octets similarly encoded."
    """
    return allows([ip("2001:db8::/33")], alternative=[ip("2001:db8:7fff::1")])


@scenario
def ip_version_6_outside():
    """Root → Issuing (permits 2001:db8::/33) → Leaf (2001:db8:8000::1)

    RFC 5280 §4.2.1.10.
    """
    return forbids([ip("2001:db8::/33")], alternative=[ip("2001:db8:8000::1")])


@scenario
def ip_of_the_other_version():
    """Root → Issuing (permits 192.0.2.0/24 only) → Leaf (2001:db8::1)

    RFC 5280 §6.1.3 (b): both are of the form iPAddress, and the address is within none of the permitted subtrees.
    """
    return forbids([ip("192.0.2.0/24")], alternative=[ip("2001:db8::1")])


@scenario
def ip_constraint_without_a_mask():
    """Root → Issuing (permits an iPAddress of four octets) → Leaf (192.0.2.1)

    RFC 5280 §4.2.1.10: eight octets or thirty-two. Such a certificate does not parse, and is skipped.
    """
    leaf, anchors, pool = chain([ip("192.0.2.1")], alternative=[ip("192.0.2.1")])
    return reject("issuer_unknown", leaf, leaf, anchors, pool)


@scenario
def ip_mask_with_a_hole():
    """Root → Issuing (permits 192.0.2.0, mask 255.0.255.0) → Leaf (192.0.2.1)

    RFC 5280 §4.2.1.10: "in the style of RFC 4632": a mask is ones and then zeros.
    """
    return broken([der.tlv(0x87, bytes([192, 0, 2, 0, 255, 0, 255, 0]))], alternative=[ip("192.0.2.1")])


@scenario
def ip_name_with_a_mask():
    """Root → Leaf (an iPAddress of eight octets)

    RFC 5280 §4.2.1.6: "For IP version 4 …, the octet string MUST contain exactly four octets."
    """
    leaf, anchors, pool = chain([ip("192.0.2.0/24")], alternative=[ip("192.0.2.0/24")])
    return reject("certificate_malformed", None, leaf, anchors, pool)


@scenario
def uri_host():
    """Root → Issuing (permits URI example.com) → Leaf (https://user@EXAMPLE.com:8443/x?y#z)

    RFC 5280 §4.2.1.10: "For URIs, the constraint applies to the host part of the name."
    """
    return allows([uri("example.com")], alternative=[uri("https://user@EXAMPLE.com:8443/x?y#z")])


@scenario
def uri_host_below():
    """Root → Issuing (permits URI example.com) → Leaf (https://www.example.com/)

    RFC 5280 §4.2.1.10: "When the constraint does not begin with a period, it specifies a host."
    """
    return forbids([uri("example.com")], alternative=[uri("https://www.example.com/")])


@scenario
def uri_domain():
    """Root → Issuing (permits URI .example.com) → Leaf (https://my.host.example.com/)

    RFC 5280 §4.2.1.10: "When the constraint begins with a period, it MAY be expanded with one or more labels."
    """
    return allows([uri(".example.com")], alternative=[uri("https://my.host.example.com/")])


@scenario
def uri_domain_itself():
    """Root → Issuing (permits URI .example.com) → Leaf (https://example.com/)

    RFC 5280 §4.2.1.10: "the constraint ".example.com" is not satisfied by "example.com"."
    """
    return forbids([uri(".example.com")], alternative=[uri("https://example.com/")])


@scenario
def uri_excluded():
    """Root → Issuing (excludes URI .example.com) → Leaf (https://www.example.com/)

    RFC 5280 §6.1.3 (c).
    """
    return forbids(excluded=[uri(".example.com")], alternative=[uri("https://www.example.com/")])


@scenario
def uri_host_in_another_place():
    """Root → Issuing (permits URI example.com) → Leaf (https://evil.org/@example.com)

    RFC 3986 §3.2: the authority ends with the first slash.
    """
    return forbids([uri("example.com")], alternative=[uri("https://evil.org/@example.com")])


@scenario
def uri_user_that_looks_like_a_host():
    """Root → Issuing (permits URI example.com) → Leaf (https://example.com@evil.org/)

    RFC 3986 §3.2.1: what stands before the @ is userinfo.
    """
    return forbids([uri("example.com")], alternative=[uri("https://example.com@evil.org/")])


@scenario
def uri_with_an_address():
    """Root → Issuing (permits URI example.com) → Leaf (https://192.0.2.1/)

    RFC 5280 §4.2.1.10: "if a subsequent certificate includes a subjectAltName extension with a uniformResourceIdentifier that does not
    include an authority component with a host name specified as a fully qualified domain name …, then the application MUST reject the
    certificate."
    """
    return forbids([uri("example.com")], alternative=[uri("https://192.0.2.1/")])


@scenario
def uri_with_an_address_and_only_an_exclusion():
    """Root → Issuing (excludes URI example.com) → Leaf (https://[2001:db8::1]/)

    RFC 5280 §4.2.1.10, as above: a constraint is applied to the form, so such a URI is rejected.
    """
    return forbids(excluded=[uri("example.com")], alternative=[uri("https://[2001:db8::1]/")])


@scenario
def uri_without_authority():
    """Root → Issuing (permits URI example.com) → Leaf (urn:uuid:…)

    RFC 5280 §4.2.1.10, as above: no authority component.
    """
    return forbids([uri("example.com")], alternative=[uri("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6")])


@scenario
def dn_below():
    """Root → Issuing (permits C=CN, O=Here) → Leaf (C=CN, O=Here, CN=Leaf)

    RFC 5280 §4.2.1.10: "Restrictions of the form directoryName MUST be applied to the subject field in the certificate (when the
    certificate includes a non-empty subject field)".
    """
    return allows([directory(organization("Here"))], subject=names.common("Leaf", "Here"))


@scenario
def dn_outside():
    """Root → Issuing (permits C=CN, O=Here) → Leaf (C=CN, O=There, CN=Leaf)

    RFC 5280 §6.1.3 (b): "verify that the subject name is within one of the permitted_subtrees for X.500 distinguished names".
    """
    return forbids([directory(organization("Here"))], subject=names.common("Leaf", "There"))


@scenario
def dn_encoded_otherwise():
    """Root → Issuing (permits C=CN, O=HERE as a PrintableString) → Leaf (C=CN, O=here as a UTF8String)

    RFC 5280 §7.1: "This specification … name constraints processing": compared as names are.
    """
    return allows([directory(names.dn((COUNTRY, "CN"), (ORGANIZATION, names.printable("HERE"))))], subject=names.common("Leaf", "here"))


@scenario
def dn_above():
    """Root → Issuing (permits C=CN, O=Here, OU=Deep) → Leaf (C=CN, O=Here)

    RFC 5280 §4.2.1.10: a subtree holds what is below its base.
    """
    return forbids([directory(organization("Here", (UNIT, "Deep")))], subject=organization("Here"))


@scenario
def dn_same_beginning_of_a_value():
    """Root → Issuing (permits C=CN, O=Here) → Leaf (C=CN, O=Hereafter)

    RFC 5280 §7.1: RDNs are compared whole.
    """
    return forbids([directory(organization("Here"))], subject=organization("Hereafter"))


@scenario
def dn_with_one_attribute_of_two():
    """Root → Issuing (permits C=CN, O=Here) → Leaf (C=CN, O=Here+OU=X)

    RFC 5280 §7.1: RDNs match only with the same number of attributes.
    """
    return forbids([directory(organization("Here"))], subject=names.dn((COUNTRY, "CN"), [(ORGANIZATION, "Here"), (UNIT, "X")]))


@scenario
def dn_excluded():
    """Root → Issuing (excludes C=CN, O=Here) → Leaf (C=CN, O=Here, CN=Leaf)

    RFC 5280 §6.1.3 (c): "verify that the subject name is not within any of the excluded_subtrees for X.500 distinguished names".
    """
    return forbids(excluded=[directory(organization("Here"))], subject=names.common("Leaf", "Here"))


@scenario
def dn_in_the_alternative_names():
    """Root → Issuing (permits C=CN, O=Here) → Leaf (subject within, directoryName C=CN, O=There)

    RFC 5280 §4.2.1.10: "and to any names of type directoryName in the subjectAltName extension."
    """
    return forbids([directory(organization("Here"))], subject=organization("Here"), alternative=[directory(organization("There"))])


@scenario
def dn_of_the_subject_beside_a_good_alternative():
    """Root → Issuing (permits C=CN, O=Here) → Leaf (subject C=CN, O=There, directoryName within)

    RFC 5280 §4.2.1.10: the subject *and* the alternative names.
    """
    return forbids([directory(organization("Here"))], subject=organization("There"), alternative=[directory(organization("Here"))])


@scenario
def dn_empty_subject():
    """Root → Issuing (permits C=CN, O=Here) → Leaf (empty subject, critical e-mail name)

    RFC 5280 §4.2.1.10: "when the certificate includes a non-empty subject field".
    """
    root, issuing = CA("Root"), CA("Issuing")
    leaf = issuing.leaf(ext.alternative(email("a@example.com"), critical=True), subject=names.EMPTY)
    return accept(leaf, [root.anchor], [root.certify(issuing, ext.constraints([directory(organization("Here"))]))])


def _two(first, second, alternative):
    root, one, two = CA("Root"), CA("Level 1"), CA("Level 2")
    pool = [root.certify(one, ext.constraints(**first)), one.certify(two, ext.constraints(**second))]
    return two.leaf(ext.alternative(*alternative)), [root.anchor], pool


@scenario
def narrowed_below():
    """Root → Level 1 (permits DNS example.com) → Level 2 (permits DNS www.example.com) → Leaf (DNS ftp.example.com)

    RFC 5280 §6.1.4 (g)(1): "set the permitted_subtrees state variable to the intersection of its previous value and the value indicated in
    the extension field."
    """
    leaf, anchors, pool = _two({"permitted": [dns("example.com")]}, {"permitted": [dns("www.example.com")]}, [dns("ftp.example.com")])
    return reject("name_not_permitted", leaf, leaf, anchors, pool)


@scenario
def not_widened_below():
    """Root → Level 1 (permits DNS www.example.com) → Level 2 (permits DNS example.com) → Leaf (DNS ftp.example.com)

    RFC 5280 §6.1.4 (g)(1): an intersection never grows.
    """
    leaf, anchors, pool = _two({"permitted": [dns("www.example.com")]}, {"permitted": [dns("example.com")]}, [dns("ftp.example.com")])
    return reject("name_not_permitted", leaf, leaf, anchors, pool)


@scenario
def within_both():
    """Root → Level 1 (permits DNS example.com, example.org) → Level 2 (permits DNS www.example.com, example.net) → Leaf (a.www.example.com)

    RFC 5280 §6.1.4 (g)(1).
    """
    return accept(*_two({"permitted": [dns("example.com"), dns("example.org")]}, {"permitted": [dns("www.example.com"), dns("example.net")]},
                        [dns("a.www.example.com")]))


@scenario
def nothing_in_common():
    """Root → Level 1 (permits DNS example.com) → Level 2 (permits DNS example.org) → Leaf (DNS example.org)

    RFC 5280 §6.1.4 (g)(1): an empty intersection permits no name of the form.
    """
    leaf, anchors, pool = _two({"permitted": [dns("example.com")]}, {"permitted": [dns("example.org")]}, [dns("example.org")])
    return reject("name_not_permitted", leaf, leaf, anchors, pool)


@scenario
def nothing_in_common_and_no_such_name():
    """Root → Level 1 (permits DNS example.com) → Level 2 (permits DNS example.org) → Leaf (e-mail a@example.org)

    RFC 5280 §4.2.1.10: restrictions apply only when the form is present.
    """
    return accept(*_two({"permitted": [dns("example.com")]}, {"permitted": [dns("example.org")]}, [email("a@example.org")]))


@scenario
def forms_are_apart():
    """Root → Level 1 (permits DNS example.com) → Level 2 (permits e-mail example.org) → Leaf (DNS example.com, e-mail a@example.org)

    RFC 5280 §6.1.4 (g)(1): each form has its own intersection.
    """
    return accept(*_two({"permitted": [dns("example.com")]}, {"permitted": [email("example.org")]}, [dns("example.com"), email("a@example.org")]))


@scenario
def excluded_above_permitted_below():
    """Root → Level 1 (excludes DNS example.com) → Level 2 (permits DNS example.com) → Leaf (DNS example.com)

    RFC 5280 §6.1.4 (g)(2): "set the excluded_subtrees state variable to the union of its previous value and the value indicated in the
    extension field."
    """
    leaf, anchors, pool = _two({"excluded": [dns("example.com")]}, {"permitted": [dns("example.com")]}, [dns("example.com")])
    return reject("name_not_permitted", leaf, leaf, anchors, pool)


@scenario
def excluded_by_the_second():
    """Root → Level 1 (excludes DNS a.example.com) → Level 2 (excludes DNS b.example.com) → Leaf (DNS x.a.example.com)

    RFC 5280 §6.1.4 (g)(2), the union.
    """
    leaf, anchors, pool = _two({"excluded": [dns("a.example.com")]}, {"excluded": [dns("b.example.com")]}, [dns("x.a.example.com")])
    return reject("name_not_permitted", leaf, leaf, anchors, pool)


@scenario
def ip_networks_that_overlap():
    """Root → Level 1 (permits 10.0.0.0/8) → Level 2 (permits 10.1.0.0/16) → Leaf (10.1.2.3)

    RFC 5280 §6.1.4 (g)(1).
    """
    return accept(*_two({"permitted": [ip("10.0.0.0/8")]}, {"permitted": [ip("10.1.0.0/16")]}, [ip("10.1.2.3")]))


@scenario
def intermediate_breaks_it():
    """Root → Level 1 (permits C=CN, O=Here) → Level 2 (C=CN, O=There) → Leaf (C=CN, O=Here)

    RFC 5280 §4.2.1.10: "a name space within which all subject names in subsequent certificates in a certification path MUST be located."
    """
    root, one, two = CA("Root"), CA("Level 1"), CA(organization("There"))
    pool = [root.certify(one, ext.constraints([directory(organization("Here"))])), one.certify(two)]
    return reject("name_not_permitted", pool[1], two.leaf(subject=names.common("Leaf", "Here")), [root.anchor], pool)


@scenario
def intermediates_alternative_name_breaks_it():
    """Root → Level 1 (excludes DNS evil.example.com) → Level 2 (DNS evil.example.com) → Leaf (DNS good.example.com)

    RFC 5280 §6.1.3 (c), of an intermediate.
    """
    root, one, two = CA("Root"), CA("Level 1"), CA("Level 2")
    pool = [root.certify(one, ext.constraints(excluded=[dns("evil.example.com")])), one.certify(two, ext.alternative(dns("evil.example.com")))]
    return reject("name_not_permitted", pool[1], two.leaf(ext.alternative(dns("good.example.com"))), [root.anchor], pool)


@scenario
def own_name_of_the_constraining():
    """Root → Issuing (C=CN, O=There; permits C=CN, O=Here) → Leaf (C=CN, O=Here)

    RFC 5280 §4.2.1.10: "in subsequent certificates": its own name is none of them.
    """
    root, issuing = CA("Root"), CA(organization("There"))
    pool = [root.certify(issuing, ext.constraints([directory(organization("Here"))]))]
    return accept(issuing.leaf(subject=names.common("Leaf", "Here")), [root.anchor], pool)


@scenario
def self_issued_intermediate_is_exempt():
    """Root → Issuing (O=There; permits O=Here) → Issuing, new key (self-issued, O=There) → Leaf (O=Here)

    RFC 5280 §4.2.1.10: "Name constraints are not applied to self-issued certificates (unless the certificate is the final certificate in
    the path)."
    """
    root, old, new = CA("Root"), CA(organization("There")), CA(organization("There"))
    pool = [root.certify(old, ext.constraints([directory(organization("Here"))])), old.certify(new)]
    return accept(new.leaf(subject=names.common("Leaf", "Here")), [root.anchor], pool)


@scenario
def self_issued_leaf_is_not_exempt():
    """Root → Issuing (O=There; permits O=Here) → Issuing (self-issued, O=There), which is what is asked for

    RFC 5280 §6.1.3 (b): "If certificate i is self-issued and it is not the final certificate in the path, skip this step for certificate
    i." It is the final one.
    """
    root, old, new = CA("Root"), CA(organization("There")), CA(organization("There"))
    pool = [root.certify(old, ext.constraints([directory(organization("Here"))]))]
    leaf = old.certify(new)
    return reject("name_not_permitted", leaf, leaf, [root.anchor], pool, no_eku=True)


@scenario
def self_issued_intermediate_adds_constraints():
    """Root → Issuing → Issuing, new key (self-issued; permits O=Here) → Leaf (O=There)

    RFC 5280 §6.1.4 (g) has no exception for self-issued certificates.
    """
    root, old, new = CA("Root"), CA("Issuing"), CA("Issuing")
    pool = [root.certify(old), old.certify(new, ext.constraints([directory(organization("Here"))]))]
    leaf = new.leaf(subject=names.common("Leaf", "There"))
    return reject("name_not_permitted", leaf, leaf, [root.anchor], pool)


@scenario
def other_name_constrained_and_there():
    """Root → Issuing (excludes an otherName) → Leaf (that otherName)

    RFC 5280 §4.2.1.10: "If a name constraints extension that is marked as critical imposes constraints on a particular name form, and an
    instance of that name form appears in the subject field or subjectAltName extension of a subsequent certificate, then the application
    MUST either process the constraint or reject the certificate."
    """
    return forbids(excluded=[names.other(PRIVATE)], alternative=[names.other(PRIVATE)], code="extension_not_supported")


@scenario
def other_name_constrained_and_not_there():
    """Root → Issuing (excludes an otherName, permits DNS example.com) → Leaf (DNS example.com)

    RFC 5280 §4.2.1.10, as above: no instance of the form appears.
    """
    return allows([dns("example.com")], [names.other(PRIVATE)], alternative=[dns("example.com")])


@scenario
def other_name_that_nobody_constrains():
    """Root → Issuing (permits DNS example.com) → Leaf (DNS example.com, an otherName)

    RFC 5280 §4.2.1.10: no constraint is imposed on that form.
    """
    return allows([dns("example.com")], alternative=[dns("example.com"), names.other(PRIVATE)])


@scenario
def registered_id_constrained_and_there():
    """Root → Issuing (permits a registeredID) → Leaf (that registeredID)

    RFC 5280 §4.2.1.10: "process the constraint or reject"; its syntax and semantics "are not defined in this document".
    """
    return forbids([names.registered(PRIVATE)], alternative=[names.registered(PRIVATE)], code="extension_not_supported")


@scenario
def minimum_of_one():
    """Root → Issuing (permits DNS example.com with minimum 1) → Leaf (DNS www.example.com)

    RFC 5280 §4.2.1.10: "if an application encounters a critical name constraints extension that specifies other values for minimum or
    maximum for a name form that appears in a subsequent certificate, the application MUST either process these fields or reject the
    certificate."
    """
    return forbids([ext.subtree(dns("example.com"), minimum=1)], alternative=[dns("www.example.com")], code="extension_not_supported")


@scenario
def maximum_there():
    """Root → Issuing (excludes DNS example.com with maximum 1) → Leaf (DNS www.example.org)

    RFC 5280 §4.2.1.10, as above.
    """
    return forbids(excluded=[ext.subtree(dns("example.com"), maximum=1)], alternative=[dns("www.example.org")], code="extension_not_supported")


@unless_lax
def not_critical_and_kept():
    """Root → Issuing (permits DNS example.com, not critical) → Leaf (DNS example.com)

    RFC 5280 §4.2.1.10: "Conforming CAs MUST mark this extension as critical".
    """
    root, issuing = CA("Root"), CA("Issuing")
    bad = root.certify(issuing, ext.constraints([dns("example.com")], critical=False))
    return reject("path_not_found", bad, issuing.leaf(ext.alternative(dns("example.com"))), [root.anchor], [bad])


@scenario
def not_critical_and_broken():
    """Root → Issuing (permits DNS example.com, not critical) → Leaf (DNS example.org), with `lax`

    RFC 5280 §6.1.4 (g): "If a name constraints extension is included in the certificate": critical or not.
    """
    root, issuing = CA("Root"), CA("Issuing")
    loose = root.certify(issuing, ext.constraints([dns("example.com")], critical=False))
    leaf = issuing.leaf(ext.alternative(dns("example.org")))
    return reject("name_not_permitted", leaf, leaf, [root.anchor], [loose], lax=True)


@scenario
def other_way_without_the_name():
    """[Root A] → Narrow (excludes DNS evil) → Issuing (DNS evil),  [Root B] → Issuing (no DNS name);  Issuing → Leaf

    RFC 5280 §6.1.3 (c): of two certificates about one CA only one breaks a constraint, and it is on the other path.
    """
    a, b, narrow, issuing = CA("Root A"), CA("Root B"), CA("Narrow"), CA("Issuing")
    good = b.certify(issuing)
    pool = [a.certify(narrow, ext.constraints(excluded=[dns("evil.example.com")])),
            narrow.certify(issuing, ext.alternative(dns("evil.example.com"))), good]
    leaf = issuing.leaf()
    return accept(leaf, [a.anchor, b.anchor], pool, path=[leaf, good, b.anchor])


@scenario
def bridge_that_permits_one_spoke():
    """[Root 1] → Bridge → Root 2 (permits C=CN, O=Two) → Issuing (O=Two) → Leaf (O=Two)

    RFC 5280 §4.2.1.10, as bridges use it: the cross-certificate holds the other side to its own name space.
    """
    one, bridge, two = CA("Root 1"), CA("Bridge"), CA(organization("Two", (COMMON, "Root 2")))
    issuing = CA(organization("Two", (COMMON, "Issuing")))
    narrow = ext.constraints([directory(organization("Two"))])
    pool = [one.certify(bridge), bridge.certify(two, narrow), two.certify(issuing)]
    return accept(issuing.leaf(subject=names.common("Leaf", "Two")), [one.anchor], pool)


@scenario
def bridge_that_permits_one_spoke_only():
    """[Root 1] → Bridge → Root 2 (permits C=CN, O=Two) → Issuing (O=Two) → Leaf (O=One)

    RFC 5280 §4.2.1.10: the other side cannot speak for this one.
    """
    one, bridge, two = CA("Root 1"), CA("Bridge"), CA(organization("Two", (COMMON, "Root 2")))
    issuing = CA(organization("Two", (COMMON, "Issuing")))
    narrow = ext.constraints([directory(organization("Two"))])
    pool = [one.certify(bridge), bridge.certify(two, narrow), two.certify(issuing)]
    leaf = issuing.leaf(subject=names.common("Leaf", "One"))
    return reject("name_not_permitted", leaf, leaf, [one.anchor], pool)


@scenario
def nine_hundred_names():
    """Root → Issuing (permits 900 DNS names) → Leaf (900 DNS names)

    No rule of RFC 5280; 810,000 comparisons are bounded, as Go and rustls-webpki bound them (both at 250,000).
    """
    hosts = [dns(f"h{number}.example.com") for number in range(900)]
    return forbids(hosts, alternative=hosts, code="too_complex")
