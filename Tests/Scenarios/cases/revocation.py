"""CRLs: RFC 5280 §5, §6.3."""
from making import der, extensions as ext, names
from making.authority import CA, DAY, NOW, MadeList, entry
from making.extensions import distribution_point, distribution_points, issuing_point
from making.names import directory, uri
from making.scenario import accept, reject, scenario, unless_lax

HOLD, REMOVE, KEY_COMPROMISE = 6, 8, 1
HERE, THERE = uri("http://crl.example.com/1.crl"), uri("http://crl.example.com/2.crl")
SOME = ["keyCompromise", "cACompromise"]
OTHERS = ["affiliationChanged", "superseded", "cessationOfOperation", "certificateHold", "privilegeWithdrawn", "aACompromise"]


class House:
    """Root → Issuing → Leaf, and Root's list, which is good."""

    def __init__(self, *leaf, issuing=(), **options):
        self.root, self.issuing = CA("Root"), CA("Issuing")
        self.below = self.root.certify(self.issuing, *issuing)
        self.leaf = self.issuing.leaf(*leaf, **options)
        self.good = self.root.crl()
        self.pool = [self.below]

    def accepts(self, *lists, **fields):
        return accept(self.leaf, [self.root.anchor], self.pool, [self.good, *lists], **fields)

    def rejects(self, code, *lists, at=None, **fields):
        return reject(code, at or self.leaf, self.leaf, [self.root.anchor], self.pool, [self.good, *lists], **fields)

    def unavailable(self, *lists, **fields):
        return self.rejects("revocation_unavailable", *lists, **fields)

    def revoked(self, *lists, **fields):
        return self.rejects("certificate_revoked", *lists, **fields)


@scenario
def good():
    """Root → Issuing → Leaf; both have a list without entries

    RFC 5280 §6.3.3: after all lists cert_status is UNREVOKED.
    """
    house = House()
    return house.accepts(house.issuing.crl())


@scenario
def revoked():
    """Root → Issuing → Leaf, which Issuing's list names

    RFC 5280 §6.3.3 (j): "If (cert_status is UNREVOKED), then search for the certificate on the complete CRL. If an entry is found that
    matches the certificate issuer and serial number …, then set the cert_status variable to the indicated reason".
    """
    house = House()
    return house.revoked(house.issuing.crl(revoked=[house.leaf]))


@scenario
def revoked_with_a_reason():
    """Root → Issuing → Leaf, which Issuing's list names for keyCompromise

    RFC 5280 §5.3.1.
    """
    house = House()
    return house.revoked(house.issuing.crl(revoked=[entry(house.leaf, KEY_COMPROMISE)]))


@scenario
def revoked_from_tomorrow():
    """Root → Issuing → Leaf, which Issuing's list names with a revocationDate of tomorrow

    RFC 5280 §6.3.3 (j) asks for an entry, not for its date.
    """
    house = House()
    return house.revoked(house.issuing.crl(revoked=[entry(house.leaf, date=NOW + DAY)]))


@scenario
def revoked_before_it_was_issued():
    """Root → Issuing → Leaf (since yesterday), which Issuing's list names with a revocationDate of last week

    RFC 5280 §6.3.3 (j) asks for an entry, not for its date.
    """
    house = House(start=NOW - DAY)
    return house.revoked(house.issuing.crl(revoked=[entry(house.leaf, date=NOW - 7 * DAY)]))


@scenario
def on_hold():
    """Root → Issuing → Leaf, which Issuing's list has on hold

    RFC 5280 §5.3.1, certificateHold.
    """
    house = House()
    return house.rejects("certificate_suspended", house.issuing.crl(revoked=[entry(house.leaf, HOLD)]))


@scenario
def another_one_is_revoked():
    """Root → Issuing → Leaf; Issuing's list names 400 others

    RFC 5280 §6.3.3 (j): issuer and serial number.
    """
    house = House()
    return house.accepts(house.issuing.crl(revoked=[entry(der.integer(900_000 + number)) for number in range(400)]))


@scenario
def same_serial_of_another_ca():
    """Root → Issuing → Leaf (serialNumber 7), Root → Other, whose list names its own certificate 7

    RFC 5280 §6.3.3 (j): "matches the certificate issuer and serial number".
    """
    house = House(serial=7)
    other = CA("Other")
    house.pool.append(house.root.certify(other))
    return house.accepts(house.issuing.crl(), other.crl(revoked=[entry(der.integer(7))]))


@scenario
def issuing_revoked():
    """Root → Issuing → Leaf; Root's list names Issuing

    contract.md: "hard-fail covers every certificate but the anchor."
    """
    house = House()
    house.good = house.root.crl(revoked=[house.below])
    return house.rejects("ca_revoked", house.issuing.crl(), at=house.below)


@scenario
def issuing_on_hold():
    """Root → Issuing → Leaf; Root's list has Issuing on hold

    RFC 5280 §6.3.3 (j): on hold is not UNREVOKED.
    """
    house = House()
    house.good = house.root.crl(revoked=[entry(house.below, HOLD)])
    return house.rejects("ca_revoked", house.issuing.crl(), at=house.below)


@scenario
def issuing_revoked_and_another_way():
    """[Root A] → Issuing (revoked),  [Root B] → Issuing;  Issuing → Leaf

    RFC 5280 §6.1.3 (a)(3): "At the current time, the certificate is not revoked." Of one path, not of all.
    """
    a, b, issuing = CA("Root A"), CA("Root B"), CA("Issuing")
    pool = [a.certify(issuing), b.certify(issuing)]
    leaf = issuing.leaf()
    return accept(leaf, [a.anchor, b.anchor], pool, [a.crl(revoked=[pool[0]]), b.crl(), issuing.crl()], path=[leaf, pool[1], b.anchor])


@scenario
def middle_revoked():
    """Root → Middle (revoked) → Issuing → Leaf

    RFC 5280 §6.1.3 (a)(3), two steps up.
    """
    root, middle, issuing = CA("Root"), CA("Middle"), CA("Issuing")
    pool = [root.certify(middle), middle.certify(issuing)]
    return reject("ca_revoked", pool[0], issuing.leaf(), [root.anchor], pool, [root.crl(revoked=[pool[0]]), middle.crl(), issuing.crl()])


@scenario
def none_for_the_leaf():
    """Root → Issuing (no list) → Leaf

    RFC 5280 §6.3.3: cert_status stays UNDETERMINED; contract.md: hard-fail.
    """
    house = House()
    return house.unavailable()


@scenario
def none_for_the_intermediate():
    """Root (no list) → Issuing → Leaf

    contract.md: "hard-fail covers every certificate but the anchor."
    """
    house = House()
    return reject("revocation_unavailable", house.below, house.leaf, [house.root.anchor], house.pool, [house.issuing.crl()])


@scenario
def none_at_all_and_hard():
    """Root → Leaf, no list, hard-fail asked

    contract.md: `revocation` "hard-fail".
    """
    root = CA("Root")
    leaf = root.leaf()
    return reject("revocation_unavailable", leaf, leaf, [root.anchor], revocation="hard-fail")


@scenario
def none_at_all():
    """Root → Leaf, no list

    contract.md: "none given: off".
    """
    root = CA("Root")
    return accept(root.leaf(), [root.anchor])


@scenario
def revoked_and_off():
    """Root → Issuing → Leaf, which Issuing's list names; revocation off

    contract.md: `revocation` "off".
    """
    house = House()
    return house.accepts(house.issuing.crl(revoked=[house.leaf]), revocation="off")


@scenario
def anchor_needs_none():
    """[Root] → Leaf; Root's list names Root's own certificate and not the leaf

    contract.md: "every certificate but the anchor".
    """
    root = CA("Root")
    return accept(root.leaf(), [root.anchor], crls=[root.crl(revoked=[root.anchor])])


@scenario
def run_out():
    """Root → Issuing (its list ran out yesterday) → Leaf

    RFC 5280 §6.3.3 (a): "if the current time is after the value of the CRL next update field, then do one of the following": get a newer one.
    """
    house = House()
    return house.unavailable(house.issuing.crl(this=NOW - 3 * DAY, following=NOW - DAY))


@scenario
def until_this_second():
    """Root → Issuing (its list's nextUpdate is now) → Leaf

    RFC 5280 §6.3.3 (a): "after".
    """
    house = House()
    return house.accepts(house.issuing.crl(following=NOW))


@scenario
def of_tomorrow():
    """Root → Issuing (its list is of tomorrow) → Leaf

    RFC 5280 §5.1.2.4: thisUpdate is "the issue date of this CRL": it is not there yet.
    """
    house = House()
    return house.unavailable(house.issuing.crl(this=NOW + DAY, following=NOW + 2 * DAY))


@scenario
def run_out_beside_a_current_one():
    """Root → Issuing (an old list names the leaf, the current one does not any more) → Leaf

    RFC 5280 §6.3.3 (a): the current one counts.
    """
    house = House()
    return house.accepts(house.issuing.crl(revoked=[entry(house.leaf, HOLD)], this=NOW - 3 * DAY, following=NOW - DAY, number=6),
                         house.issuing.crl())


@scenario
def without_next_update():
    """Root → Issuing (its list has no nextUpdate) → Leaf

    RFC 5280 §5.1.2.5: "Conforming CRL issuers MUST include the nextUpdate field in all CRLs."
    """
    house = House()
    return house.unavailable(house.issuing.crl(following=None))


@scenario
def signed_by_another_key():
    """Root → Issuing → Leaf; "Issuing's" list is signed by a stranger

    RFC 5280 §6.3.3 (g): "Validate the signature on the complete CRL using the public key validated in step (f)."
    """
    house = House()
    return house.unavailable(house.issuing.crl(key=CA("Stranger").key))


@scenario
def signed_by_its_own_issuer():
    """Root → Issuing → Leaf; "Issuing's" list is signed by Root

    RFC 5280 §6.3.3 (f): "the certification path for the issuer of the complete CRL": Root is not called Issuing.
    """
    house = House()
    return house.unavailable(house.issuing.crl(key=house.root.key))


@scenario
def named_after_another():
    """Root → Issuing → Leaf; Root's list names the leaf, Issuing has none

    RFC 5280 §6.3.3 (b)(1): "verify that the issuer field in the complete CRL matches the certificate issuer".
    """
    house = House()
    house.good = house.root.crl(revoked=[house.leaf])
    return house.unavailable()


@scenario
def name_encoded_otherwise():
    """Root → Issuing → Leaf, which a list of "ISSUING" names

    RFC 5280 §6.3.3 (b)(1) by §7.1.
    """
    house = House()
    return house.revoked(house.issuing.crl(revoked=[house.leaf], name=names.dn((names.COUNTRY, "CN"), (names.COMMON, names.printable("ISSUING")))))


@scenario
def without_crl_sign():
    """Root → Issuing (keyUsage keyCertSign only), its own list → Leaf

    RFC 5280 §6.3.3 (f): "If a key usage extension is present in the CRL issuer's certificate, verify that the cRLSign bit is set."
    """
    house = House(issuing=[ext.usage("keyCertSign")])
    return house.unavailable(house.issuing.crl())


@scenario
def without_key_usage():
    """Root → Issuing (no keyUsage), its own list → Leaf

    RFC 5280 §6.3.3 (f): "If a key usage extension is present".
    """
    root, issuing = CA("Root"), CA("Issuing")
    return accept(issuing.leaf(), [root.anchor], [root.certify(issuing, without=[ext.KEY_USAGE])], [root.crl(), issuing.crl()])


def _separate(house, issuer=None):
    """A key of Issuing's name that signs lists and nothing else, certified by the root (or `issuer`)."""
    signer = CA("Issuing")
    certificate = (issuer or house.root).certify(signer, ext.usage("cRLSign"), without=[ext.BASIC])
    house.pool.append(certificate)
    return signer, certificate


@scenario
def separate_key():
    """Root → Issuing → Leaf; Root → Issuing (another key, cRLSign only), which signs the list

    RFC 5280 §6.3.3 (f): "Obtain and validate the certification path for the issuer of the complete CRL." Same name, other key.
    """
    house = House()
    signer, _ = _separate(house)
    return house.accepts(signer.crl())


@scenario
def separate_key_revokes():
    """As `separate_key`; the list names the leaf

    RFC 5280 §6.3.3 (f), (j).
    """
    house = House()
    signer, _ = _separate(house)
    return house.revoked(signer.crl(revoked=[house.leaf]))


@scenario
def separate_key_is_revoked():
    """As `separate_key`; Root's list names the certificate of the key that signs lists

    RFC 5280 §6.3.3 (f): its path must validate, and it does not.
    """
    house = House()
    signer, certificate = _separate(house)
    house.good = house.root.crl(revoked=[certificate])
    return house.unavailable(signer.crl())


@scenario
def separate_key_without_a_certificate():
    """Root → Issuing → Leaf; a list of Issuing's name by a key that nobody certified

    RFC 5280 §6.3.3 (f).
    """
    house = House()
    return house.unavailable(CA("Issuing").crl())


@scenario
def separate_key_of_an_expired_certificate():
    """As `separate_key`; the certificate of the key that signs lists expired yesterday

    RFC 5280 §6.3.3 (f), §6.1.3 (a)(2).
    """
    house = House()
    signer = CA("Issuing")
    house.pool.append(house.root.certify(signer, ext.usage("cRLSign"), without=[ext.BASIC], end=NOW - DAY))
    return house.unavailable(signer.crl())


@scenario
def separate_key_without_crl_sign():
    """As `separate_key`; its keyUsage is digitalSignature

    RFC 5280 §6.3.3 (f): "verify that the cRLSign bit is set."
    """
    house = House()
    signer = CA("Issuing")
    house.pool.append(house.root.certify(signer, ext.usage("digitalSignature"), without=[ext.BASIC]))
    return house.unavailable(signer.crl())


@scenario
def separate_key_self_issued():
    """Root → Issuing → Leaf; Issuing → Issuing (another key, cRLSign only), which signs the list

    RFC 5280 §6.3.3 (f); PKITS 4.5.6: a self-issued certificate brings the key, and is found in the list that it signs.
    """
    house = House()
    signer, _ = _separate(house, house.issuing)
    return house.accepts(signer.crl())


@scenario
def key_of_another_anchor():
    """[Root] → Issuing → Leaf; [Foreign] → Issuing (another key), which signs the list

    RFC 5280 §6.3.3 (f): "The trust anchor for the certification path MUST be the same as the trust anchor used to validate the target
    certificate."
    """
    house = House()
    foreign, twin = CA("Foreign"), CA("Issuing")
    house.pool.append(foreign.certify(twin))
    return reject("revocation_unavailable", house.leaf, house.leaf, [house.root.anchor, foreign.anchor], house.pool,
                  [house.good, foreign.crl(), twin.crl()])


@scenario
def foreign_list_does_not_revoke():
    """As `key_of_another_anchor`, beside Issuing's own good list; the foreign one names the leaf

    RFC 5280 §6.3.3 (f): who cannot clear cannot revoke either.
    """
    house = House()
    foreign, twin = CA("Foreign"), CA("Issuing")
    house.pool.append(foreign.certify(twin))
    return accept(house.leaf, [house.root.anchor, foreign.anchor], house.pool,
                  [house.good, foreign.crl(), twin.crl(revoked=[house.leaf]), house.issuing.crl()])


@scenario
def key_identifier_is_a_lie():
    """Root → Issuing → Leaf; Issuing's list names another key in its authorityKeyIdentifier

    RFC 5280 §5.2.1: it "provides a means of identifying the public key"; the signature decides.
    """
    house = House()
    return house.accepts(house.issuing.crl(ext.authority_key(b"nobody")))


@scenario
def unknown_critical_extension():
    """Root → Issuing (its list has an unknown critical extension) → Leaf

    RFC 5280 §5.2: "If a CRL contains a critical extension that the application cannot process, then the application MUST NOT use that CRL
    to determine the status of certificates."
    """
    house = House()
    return house.unavailable(house.issuing.crl(ext.unknown(True)))


@scenario
def unknown_extension():
    """Root → Issuing (its list has an unknown extension, not critical) → Leaf

    RFC 5280 §5.2: "However, applications may ignore unrecognized non-critical extensions."
    """
    house = House()
    return house.accepts(house.issuing.crl(ext.unknown(False)))


@scenario
def unknown_critical_entry_extension():
    """Root → Issuing (an entry of its list, about another, has an unknown critical extension) → Leaf

    RFC 5280 §5.3: "If a CRL contains a critical CRL entry extension that the application cannot process, then the application MUST NOT use
    that CRL to determine the status of any certificates."
    """
    house = House()
    return house.unavailable(house.issuing.crl(revoked=[entry(der.integer(5), exts=[ext.unknown(True)])]))


@scenario
def unknown_entry_extension():
    """Root → Issuing → Leaf, whose entry has an unknown extension, not critical

    RFC 5280 §5.3: it may be ignored; the entry stands.
    """
    house = House()
    return house.revoked(house.issuing.crl(revoked=[entry(house.leaf, exts=[ext.unknown(False)])]))


@scenario
def remove_from_crl_in_a_complete_list():
    """Root → Issuing → Leaf, which a complete list has with removeFromCRL

    RFC 5280 §5.3.1: "The removeFromCRL (8) reasonCode value may only appear in delta CRLs".
    """
    house = House()
    return house.accepts(house.issuing.crl(revoked=[entry(house.leaf, REMOVE)]))


@unless_lax
def without_number():
    """Root → Issuing (its list has no cRLNumber) → Leaf

    RFC 5280 §5.2.3: "CRL issuers conforming to this profile MUST include this extension in all CRLs".
    """
    house = House()
    return house.unavailable(house.issuing.crl(without=[ext.CRL_NUMBER]))


@unless_lax
def version_1():
    """Root → Issuing (its list is of version 1) → Leaf

    RFC 5280 §5: "CRL issuers conforming to this profile … issue version 2 CRLs".
    """
    house = House()
    return house.unavailable(house.issuing.crl(version=1))


@unless_lax
def critical_number():
    """Root → Issuing (cRLNumber critical) → Leaf

    RFC 5280 §5.2.3: "and MUST mark this extension as non-critical."
    """
    house = House()
    return house.unavailable(house.issuing.crl(ext.list_number(7, critical=True)))


@unless_lax
def list_of_no_entries_kept():
    """Root → Issuing (its list has revokedCertificates without an entry) → Leaf

    RFC 5280 §5.1.2.6: "When there are no revoked certificates, the revoked certificates list MUST be absent." The ASN.1 has no lower bound:
    it is the profile that is broken, not the encoding.
    """
    house = House()
    return house.unavailable(house.issuing.crl(is_list_kept=True))


@unless_lax
def generalized_before_2050():
    """Root → Issuing (nextUpdate of tomorrow a GeneralizedTime) → Leaf

    RFC 5280 §5.1.2.5: "CRL issuers conforming to this profile MUST encode nextUpdate as UTCTime for dates through the year 2049."
    """
    house = House()
    return house.unavailable(house.issuing.crl(following=der.generalized_time(NOW + DAY)))


@unless_lax
def one_serial_twice():
    """Root → Issuing (its list has one serial number twice) → Leaf

    RFC 5280 §5.1.2.6: "Certificates revoked by the CA are uniquely identified by the certificate serial number."
    """
    house = House()
    return house.unavailable(house.issuing.crl(revoked=[entry(der.integer(5)), entry(der.integer(5))]))


@scenario
def reason_that_does_not_exist():
    """Root → Issuing (an entry has CRLReason 7) → Leaf

    RFC 5280 §5.3.1: "value 7 is not used": the list does not parse.
    """
    house = House()
    return house.unavailable(house.issuing.crl(revoked=[entry(der.integer(5), 7)]))


@scenario
def truncated():
    """Root → Issuing (its list is cut off) → Leaf

    X.690: it does not parse, and is skipped.
    """
    house = House()
    return house.unavailable(MadeList(house.issuing.crl().der[:-3]))


@scenario
def truncated_beside_a_whole_one():
    """Root → Issuing (one list cut off, one whole) → Leaf

    A list that does not parse loses nothing that others say.
    """
    house = House()
    return house.accepts(MadeList(house.issuing.crl().der[:-3]), house.issuing.crl())


@scenario
def trailing_bytes():
    """Root → Issuing (its list has a byte too many) → Leaf

    X.690: it does not parse.
    """
    house = House()
    return house.unavailable(MadeList(house.issuing.crl().der + b"\x00"))


@scenario
def two_algorithms():
    """Root → Issuing (its list's two algorithms differ) → Leaf

    RFC 5280 §5.1.1.2: "This field MUST contain the same algorithm identifier as the signature field in the sequence tbsCertList".
    """
    house = House()
    return house.unavailable(house.issuing.crl(outer=house.issuing.key.algorithm("sha384")))


@scenario
def sha1():
    """Root → Issuing (its list is signed with SHA-1) → Leaf

    The floor of docs/validation.md, for lists too.
    """
    house = House()
    return house.unavailable(house.issuing.crl(digest="sha1"))


@scenario
def expired_and_revoked():
    """Root → Issuing → Leaf (until yesterday), which Issuing's list names

    contract.md: the leaf's own fault comes before revocation.
    """
    house = House(end=NOW - DAY)
    return house.rejects("certificate_expired", house.issuing.crl(revoked=[house.leaf]))


@scenario
def wrong_purpose_and_revoked():
    """Root → Issuing → Leaf (serverAuth), which Issuing's list names

    contract.md: the leaf's own fault comes before revocation.
    """
    house = House(ext.purposes(ext.SERVER))
    return house.rejects("purpose_not_permitted", house.issuing.crl(revoked=[house.leaf]))


# Issuing distribution points.


@scenario
def only_user_certificates():
    """Root → Issuing (list with onlyContainsUserCerts) → Leaf

    RFC 5280 §6.3.3 (b)(2)(ii): "If the onlyContainsUserCerts boolean is asserted in the IDP CRL extension, verify that the certificate does
    not include the basic constraints extension with the cA boolean asserted."
    """
    house = House()
    return house.accepts(house.issuing.crl(issuing_point(user=True)))


@scenario
def only_user_certificates_and_a_ca():
    """Root (list with onlyContainsUserCerts) → Issuing → Leaf

    RFC 5280 §6.3.3 (b)(2)(ii), of Issuing.
    """
    house = House()
    house.good = house.root.crl(issuing_point(user=True))
    return house.unavailable(house.issuing.crl(), at=house.below)


@scenario
def only_ca_certificates():
    """Root (list with onlyContainsCACerts) → Issuing → Leaf

    RFC 5280 §6.3.3 (b)(2)(iii): "If the onlyContainsCACerts boolean is asserted in the IDP CRL extension, verify that the certificate
    includes the basic constraints extension with the cA boolean asserted."
    """
    house = House()
    house.good = house.root.crl(issuing_point(ca=True))
    return house.accepts(house.issuing.crl())


@scenario
def only_ca_certificates_and_a_leaf():
    """Root → Issuing (list with onlyContainsCACerts) → Leaf

    RFC 5280 §6.3.3 (b)(2)(iii), of the leaf.
    """
    house = House()
    return house.unavailable(house.issuing.crl(issuing_point(ca=True)))


@scenario
def both_lists_of_one_ca():
    """Root → Issuing (one list for CAs names the leaf's serial number, one for users does not) → Leaf

    RFC 5280 §6.3.3 (b)(2): each list speaks within its scope only.
    """
    house = House()
    return house.accepts(house.issuing.crl(issuing_point(ca=True), revoked=[house.leaf]), house.issuing.crl(issuing_point(user=True)))


@scenario
def only_attribute_certificates():
    """Root → Issuing (list with onlyContainsAttributeCerts) → Leaf

    RFC 5280 §6.3.3 (b)(2)(iv): "Verify that the onlyContainsAttributeCerts boolean is not asserted."
    """
    house = House()
    return house.unavailable(house.issuing.crl(issuing_point(attribute=True)))


@scenario
def partition_of_the_leaf():
    """Root → Issuing (list of distribution point 1) → Leaf (distribution point 1)

    RFC 5280 §6.3.3 (b)(2)(i): "If the distribution point name is present in the IDP CRL extension and the distribution field is present in
    the DP, then verify that one of the names in the IDP matches one of the names in the DP."
    """
    house = House(distribution_points(distribution_point([HERE])))
    return house.accepts(house.issuing.crl(issuing_point([HERE])))


@scenario
def partition_of_the_leaf_revokes():
    """Root → Issuing (list of distribution point 1, which names the leaf) → Leaf (distribution point 1)

    RFC 5280 §6.3.3 (b)(2)(i), (j).
    """
    house = House(distribution_points(distribution_point([HERE])))
    return house.revoked(house.issuing.crl(issuing_point([HERE]), revoked=[house.leaf]))


@scenario
def partition_of_others():
    """Root → Issuing (list of distribution point 2) → Leaf (distribution point 1)

    RFC 5280 §6.3.3 (b)(2)(i).
    """
    house = House(distribution_points(distribution_point([HERE])))
    return house.unavailable(house.issuing.crl(issuing_point([THERE])))


@scenario
def partition_written_otherwise():
    """Root → Issuing (list of …/shard.crl) → Leaf (distribution point …/%73hard.crl)

    RFC 5280 §6.3.3 (b)(2)(i) by §7.4: the path of a URI is compared exactly.
    """
    house = House(distribution_points(distribution_point([uri("http://crl.example.com/%73hard.crl")])))
    return house.unavailable(house.issuing.crl(issuing_point([uri("http://crl.example.com/shard.crl")])))


@scenario
def two_scopes_in_one_list():
    """Root → Issuing (list with onlyContainsUserCerts and onlyContainsCACerts) → Leaf

    RFC 5280 §5.2.5: "only one of onlyContainsUserCerts, onlyContainsCACerts, and onlyContainsAttributeCerts may be set to TRUE."
    """
    house = House()
    return house.unavailable(house.issuing.crl(issuing_point(user=True, ca=True)))


@scenario
def scope_not_critical():
    """Root → Issuing (list for CA certificates that does not say so critically) → Leaf

    RFC 5280 §5.2.5: "The issuing distribution point is a critical CRL extension": read as complete it would clear what it does not cover.
    """
    house = House()
    return house.unavailable(house.issuing.crl(issuing_point(ca=True, critical=False)))


@scenario
def ten_thousand_entries():
    """Root → Issuing (a list of 10,000 entries, the leaf last) → Leaf

    RFC 5280 §5.1.2.6: any number.
    """
    house = House()
    others = [entry(der.integer(1_000_000 + number)) for number in range(9_999)]
    return house.revoked(house.issuing.crl(revoked=[*others, entry(house.leaf)]))


@scenario
def partition_with_several_names():
    """Root → Issuing (list of points 1 and 2) → Leaf (points 2 and an LDAP one)

    RFC 5280 §6.3.3 (b)(2)(i): "one of the names … matches one of the names".
    """
    house = House(distribution_points(distribution_point([uri("ldap://ldap.example.com/cn=x"), THERE])))
    return house.accepts(house.issuing.crl(issuing_point([HERE, THERE])))


@scenario
def partition_of_the_second_point():
    """Root → Issuing (list of point 2) → Leaf (two distribution points, 1 and 2)

    RFC 5280 §6.3.3: "For each distribution point (DP) in the certificate's CRL distribution points extension".
    """
    house = House(distribution_points(distribution_point([HERE]), distribution_point([THERE])))
    return house.accepts(house.issuing.crl(issuing_point([THERE])))


@scenario
def partition_and_no_point():
    """Root → Issuing (list of point 1) → Leaf (no distribution point)

    RFC 5280 §6.3.3: without one, "assume a DP with … a distribution point name of the certificate issuer": that is not point 1.
    """
    house = House()
    return house.unavailable(house.issuing.crl(issuing_point([HERE])))


@scenario
def partition_named_after_the_issuer():
    """Root → Issuing (list whose distribution point is Issuing's name) → Leaf (no distribution point)

    RFC 5280 §6.3.3: "assume a DP with both the reasons and the cRLIssuer fields omitted and a distribution point name of the certificate
    issuer."
    """
    house = House()
    return house.accepts(house.issuing.crl(issuing_point([directory(house.issuing.name)])))


@scenario
def whole_list_and_a_point():
    """Root → Issuing (list without distribution point) → Leaf (distribution point 1)

    RFC 5280 §6.3.3 (b)(2)(i): only "if the distribution point name is present in the IDP".
    """
    house = House(distribution_points(distribution_point([HERE])))
    return house.accepts(house.issuing.crl())


@scenario
def partition_relative():
    """Root → Issuing (list of CN=1 relative to Issuing) → Leaf (CN=1 relative to Issuing)

    RFC 5280 §4.2.1.13: "If the DistributionPointName contains the single value nameRelativeToCRLIssuer, the value provides a distinguished
    name fragment. The fragment is appended to the X.500 distinguished name of the CRL issuer".
    """
    house = House(distribution_points(distribution_point(relative=[(names.COMMON, "1")])))
    return house.accepts(house.issuing.crl(issuing_point(relative=[(names.COMMON, "1")])))


@scenario
def partition_relative_and_full():
    """Root → Issuing (list of Issuing's name with CN=1 as a directoryName) → Leaf (CN=1 relative to Issuing)

    RFC 5280 §4.2.1.13, §6.3.3 (b)(2)(i): one name, written in two ways.
    """
    house = House(distribution_points(distribution_point(relative=[(names.COMMON, "1")])))
    full = names.dn((names.COUNTRY, "CN"), (names.COMMON, "Issuing"), (names.COMMON, "1"))
    return house.accepts(house.issuing.crl(issuing_point([directory(full)])))


@scenario
def partition_relative_to_something_else():
    """Root → Issuing (list of CN=2 relative to Issuing) → Leaf (CN=1 relative to Issuing)

    RFC 5280 §6.3.3 (b)(2)(i).
    """
    house = House(distribution_points(distribution_point(relative=[(names.COMMON, "1")])))
    return house.unavailable(house.issuing.crl(issuing_point(relative=[(names.COMMON, "2")])))


@scenario
def some_reasons_only():
    """Root → Issuing (list for keyCompromise and cACompromise only) → Leaf

    RFC 5280 §6.3.3: cert_status is determined only when "reasons_mask is all-reasons".
    """
    house = House()
    return house.unavailable(house.issuing.crl(issuing_point(reasons=SOME)))


@scenario
def all_reasons_together():
    """Root → Issuing (one list for two reasons, one for the six others) → Leaf

    RFC 5280 §6.3.3 (l): "Set the reasons_mask state variable to the union of its previous value and the value of interim_reasons_mask".
    """
    house = House()
    return house.accepts(house.issuing.crl(issuing_point(reasons=SOME)), house.issuing.crl(issuing_point(reasons=OTHERS)))


@scenario
def revoked_for_a_reason_of_some():
    """Root → Issuing (list for two reasons, which names the leaf) → Leaf

    RFC 5280 §6.3.3: the loop ends with any status but UNREVOKED.
    """
    house = House()
    return house.revoked(house.issuing.crl(issuing_point(reasons=SOME), revoked=[entry(house.leaf, KEY_COMPROMISE)]))


@scenario
def reasons_by_point():
    """Root → Issuing (lists of point 1 and 2) → Leaf (point 1 for two reasons, point 2 for the six others)

    RFC 5280 §6.3.3 (d): "If … the onlySomeReasons field is not present and the reasons field is present in the DP, then set
    interim_reasons_mask to the value of DP reasons".
    """
    house = House(distribution_points(distribution_point([HERE], reasons=SOME), distribution_point([THERE], reasons=OTHERS)))
    return house.accepts(house.issuing.crl(issuing_point([HERE])), house.issuing.crl(issuing_point([THERE])))


@scenario
def reasons_by_point_and_one_missing():
    """Root → Issuing (list of point 1 only) → Leaf (point 1 for two reasons, point 2 for the six others)

    RFC 5280 §6.3.3 (d): not all reasons are covered.
    """
    house = House(distribution_points(distribution_point([HERE], reasons=SOME), distribution_point([THERE], reasons=OTHERS)))
    return house.unavailable(house.issuing.crl(issuing_point([HERE])))


# Indirect lists.


def _indirect(*own):
    """Root → Issuing → Leaf (cRLIssuer Warden);  Root → Warden, which signs lists for others."""
    warden = names.common("Warden")
    house = House(distribution_points(distribution_point([HERE], issuer=warden)), *own)
    keeper = CA("Warden")
    house.pool.append(house.root.certify(keeper, ext.usage("cRLSign"), without=[ext.BASIC]))
    return house, keeper


@scenario
def indirect():
    """Root → Issuing → Leaf (cRLIssuer Warden);  Root → Warden (indirect list without entries)

    RFC 5280 §6.3.3 (b)(1): "If the DP includes cRLIssuer, then verify that the issuer field in the complete CRL matches cRLIssuer in the DP
    and that the complete CRL contains an issuing distribution point extension with the indirectCRL boolean asserted."
    """
    house, warden = _indirect()
    return house.accepts(warden.crl(issuing_point([HERE], indirect=True)))


@scenario
def indirect_revokes():
    """As `indirect`; an entry with certificateIssuer Issuing names the leaf

    RFC 5280 §5.3.3: "This CRL entry extension identifies the certificate issuer associated with an entry in an indirect CRL".
    """
    house, warden = _indirect()
    return house.revoked(warden.crl(issuing_point([HERE], indirect=True), revoked=[entry(house.leaf, issuer=house.issuing.name)]))


@scenario
def indirect_entry_goes_on():
    """As `indirect`; the entry before the leaf's has certificateIssuer Issuing, the leaf's none

    RFC 5280 §5.3.3: "On subsequent entries in an indirect CRL, if this extension is not present, the certificate issuer for the entry is the
    same as that for the preceding entry."
    """
    house, warden = _indirect()
    return house.revoked(warden.crl(issuing_point([HERE], indirect=True),
                                    revoked=[entry(der.integer(5), issuer=house.issuing.name), entry(house.leaf)]))


@scenario
def indirect_entry_of_another():
    """As `indirect`; entries with the leaf's serial number are of Warden and of Root

    RFC 5280 §5.3.3: "If this extension is not present on the first entry in an indirect CRL, the certificate issuer defaults to the CRL
    issuer."
    """
    house, warden = _indirect()
    return house.accepts(warden.crl(issuing_point([HERE], indirect=True), revoked=[entry(house.leaf), entry(house.leaf, issuer=house.root.name)]))


@scenario
def indirect_without_saying_so():
    """As `indirect`; Warden's list does not say that it is indirect

    RFC 5280 §6.3.3 (b)(1).
    """
    house, warden = _indirect()
    return house.unavailable(warden.crl(issuing_point([HERE])))


@scenario
def indirect_that_nobody_pointed_at():
    """Root → Issuing → Leaf (no cRLIssuer);  Root → Warden (indirect list)

    RFC 5280 §6.3.3 (b)(1): "Otherwise, verify that the CRL issuer matches the certificate issuer."
    """
    house = House()
    warden = CA("Warden")
    house.pool.append(house.root.certify(warden))
    return house.unavailable(warden.crl(issuing_point(indirect=True)))


@scenario
def indirect_of_another_anchor():
    """Root → Issuing → Leaf (cRLIssuer Warden);  [Foreign] → Warden (indirect list)

    RFC 5280 §6.3.3 (f): "The trust anchor for the certification path MUST be the same".
    """
    house = House(distribution_points(distribution_point([HERE], issuer=names.common("Warden"))))
    foreign, warden = CA("Foreign"), CA("Warden")
    house.pool.append(foreign.certify(warden))
    return reject("revocation_unavailable", house.leaf, house.leaf, [house.root.anchor, foreign.anchor], house.pool,
                  [house.good, foreign.crl(), warden.crl(issuing_point([HERE], indirect=True))])


@scenario
def indirect_list_for_itself():
    """Root → Issuing (its list says indirectCRL) → Leaf, which an entry without certificateIssuer names

    RFC 5280 §5.3.3: the issuer of the first entry is the CRL's, and that is the leaf's.
    """
    house = House()
    return house.revoked(house.issuing.crl(issuing_point(indirect=True), revoked=[house.leaf]))


# Delta lists. The complete ones say where deltas are found, as some verifiers use deltas only then.

FRESHEST = ext.freshest(distribution_point([uri("http://crl.example.com/delta.crl")]))


@scenario
def delta_revokes():
    """Root → Issuing (complete list 7, delta 8 to it, which names the leaf) → Leaf

    RFC 5280 §6.3.3 (i): "If use-deltas is set, then search for the certificate on the delta CRL."
    """
    house = House()
    return house.revoked(house.issuing.crl(FRESHEST), house.issuing.crl(ext.delta_of(7), number=8, revoked=[house.leaf]))


@scenario
def delta_lifts_a_hold():
    """Root → Issuing (complete list 7 has the leaf on hold, delta 8 says removeFromCRL) → Leaf

    RFC 5280 §6.3.3 (k): "If (cert_status is removeFromCRL), then set cert_status to UNREVOKED."
    """
    house = House()
    return house.accepts(house.issuing.crl(FRESHEST, revoked=[entry(house.leaf, HOLD)]),
                         house.issuing.crl(ext.delta_of(7), number=8, revoked=[entry(house.leaf, REMOVE)]))


@scenario
def delta_says_nothing():
    """Root → Issuing (complete list 7 names the leaf, delta 8 has nothing) → Leaf

    RFC 5280 §6.3.3 (j): what the delta does not tell the complete list does.
    """
    house = House()
    return house.revoked(house.issuing.crl(FRESHEST, revoked=[house.leaf]), house.issuing.crl(ext.delta_of(7), number=8))


@scenario
def delta_without_a_base():
    """Root → Issuing (a delta to list 7 alone) → Leaf

    RFC 5280 §5.2.4: "the combination of a delta CRL … with a … complete CRL": alone it says nothing of what was revoked before.
    """
    house = House()
    return house.unavailable(house.issuing.crl(ext.delta_of(7), number=8))


@scenario
def delta_to_a_later_base():
    """Root → Issuing (complete list 7; delta 12 to list 10, which names the leaf with removeFromCRL; the list has it on hold) → Leaf

    RFC 5280 §5.2.4 (a): "The CRL number of the complete CRL is equal to or greater than the BaseCRLNumber specified in the delta CRL." It
    is not; the complete list stands alone.
    """
    house = House()
    return house.rejects("certificate_suspended", house.issuing.crl(FRESHEST, revoked=[entry(house.leaf, HOLD)]),
                         house.issuing.crl(ext.delta_of(10), number=12, revoked=[entry(house.leaf, REMOVE)]))


@scenario
def delta_older_than_the_list():
    """Root → Issuing (complete list 7 has the leaf on hold; delta 6 to list 5 says removeFromCRL) → Leaf

    RFC 5280 §5.2.4 (b): "The CRL number of the complete CRL is less than the CRL number of the delta CRL."
    """
    house = House()
    return house.rejects("certificate_suspended", house.issuing.crl(FRESHEST, revoked=[entry(house.leaf, HOLD)]),
                         house.issuing.crl(ext.delta_of(5), number=6, revoked=[entry(house.leaf, REMOVE)]))


@scenario
def delta_of_another_scope():
    """Root → Issuing (complete list 7 has the leaf on hold; delta 8 for CA certificates says removeFromCRL) → Leaf

    RFC 5280 §6.3.3 (c)(2): "the delta CRL and complete CRL have the same scope": the IDP of both must be the same.
    """
    house = House()
    return house.rejects("certificate_suspended", house.issuing.crl(FRESHEST, revoked=[entry(house.leaf, HOLD)]),
                         house.issuing.crl(ext.delta_of(7), issuing_point(ca=True), number=8, revoked=[entry(house.leaf, REMOVE)]))


@scenario
def delta_of_a_stranger():
    """Root → Issuing (complete list 7 has the leaf on hold; a delta by a stranger's key says removeFromCRL) → Leaf

    RFC 5280 §6.3.3 (h): "validate the signature on the delta CRL using the public key validated in step (f)."
    """
    house = House()
    return house.rejects("certificate_suspended", house.issuing.crl(FRESHEST, revoked=[entry(house.leaf, HOLD)]),
                         house.issuing.crl(ext.delta_of(7), number=8, revoked=[entry(house.leaf, REMOVE)], key=CA("Stranger").key))


@scenario
def delta_that_ran_out():
    """Root → Issuing (complete list 7 has the leaf on hold; delta 8, which ran out yesterday, says removeFromCRL) → Leaf

    RFC 5280 §6.3.3 (a)(1)(ii): a delta that is not current is not used.
    """
    house = House()
    return house.rejects("certificate_suspended", house.issuing.crl(FRESHEST, revoked=[entry(house.leaf, HOLD)]),
                         house.issuing.crl(ext.delta_of(7), number=8, revoked=[entry(house.leaf, REMOVE)], this=NOW - 2 * DAY, following=NOW - DAY))


@scenario
def delta_indicator_not_critical():
    """Root → Issuing (a delta that does not say so critically, alone) → Leaf

    RFC 5280 §5.2.4: "The delta CRL indicator is a critical CRL extension": read as complete it would clear what it does not list.
    """
    house = House()
    return house.unavailable(house.issuing.crl(ext.delta_of(7, critical=False), number=8))


@scenario
def delta_of_a_partition():
    """Root → Issuing (list and delta of point 1; the delta names the leaf) → Leaf (point 1)

    RFC 5280 §6.3.3 (c): list and delta have the same distribution point.
    """
    house = House(distribution_points(distribution_point([HERE])))
    return house.revoked(house.issuing.crl(FRESHEST, issuing_point([HERE])),
                         house.issuing.crl(issuing_point([HERE]), ext.delta_of(7), number=8, revoked=[house.leaf]))


# Key rollover.


@scenario
def rollover_new_key_signs_for_the_old():
    """[Root] → Issuing, old key → Leaf;  old ⇄ new;  the new key signs the list

    RFC 5280 §6.3.3 (f): the list's issuer has the leaf's issuer's name, and a path of its own to the same anchor.
    """
    root, old, new = CA("Root"), CA("Issuing"), CA("Issuing")
    pool = [root.certify(old), root.certify(new)]
    leaf = old.leaf()
    return accept(leaf, [root.anchor], pool, [root.crl(), new.crl()], path=[leaf, pool[0], root.anchor])


@scenario
def rollover_new_key_revokes():
    """As above, and the list names the leaf

    RFC 5280 §6.3.3 (f), (j).
    """
    root, old, new = CA("Root"), CA("Issuing"), CA("Issuing")
    pool = [root.certify(old), root.certify(new)]
    leaf = old.leaf()
    return reject("certificate_revoked", leaf, leaf, [root.anchor], pool, [root.crl(), new.crl(revoked=[leaf])])
