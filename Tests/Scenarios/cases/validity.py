"""Validity periods: RFC 5280 §4.1.2.5, §6.1.3 (a)(2)."""
from datetime import datetime, timedelta, timezone

from making import der
from making.authority import CA, DAY, NOW
from making.scenario import accept, reject, scenario, unless_lax

SECOND = timedelta(seconds=1)


def malformed(start=None, end=None):
    """A leaf one of whose times is not one."""
    root = CA("Root")
    return reject("certificate_malformed", None, root.leaf(start=start or NOW - DAY, end=end or NOW + DAY), [root.anchor])


@scenario
def expired():
    """Root → Leaf (until yesterday)

    RFC 5280 §6.1.3 (a)(2): "The certificate validity period includes the current time."
    """
    root = CA("Root")
    leaf = root.leaf(end=NOW - DAY)
    return reject("certificate_expired", leaf, leaf, [root.anchor])


@scenario
def not_yet_valid():
    """Root → Leaf (from tomorrow)

    RFC 5280 §6.1.3 (a)(2).
    """
    root = CA("Root")
    leaf = root.leaf(start=NOW + DAY)
    return reject("certificate_not_yet_valid", leaf, leaf, [root.anchor])


@scenario
def first_second():
    """Root → Leaf (from this second)

    RFC 5280 §4.1.2.5: "the period of time from notBefore through notAfter, inclusive."
    """
    root = CA("Root")
    return accept(root.leaf(start=NOW), [root.anchor])


@scenario
def last_second():
    """Root → Leaf (until this second)

    RFC 5280 §4.1.2.5: "inclusive".
    """
    root = CA("Root")
    return accept(root.leaf(end=NOW), [root.anchor])


@scenario
def a_second_too_late():
    """Root → Leaf (until the second before)

    RFC 5280 §4.1.2.5.
    """
    root = CA("Root")
    leaf = root.leaf(end=NOW - SECOND)
    return reject("certificate_expired", leaf, leaf, [root.anchor])


@scenario
def a_second_too_early():
    """Root → Leaf (from the second after)

    RFC 5280 §4.1.2.5.
    """
    root = CA("Root")
    leaf = root.leaf(start=NOW + SECOND)
    return reject("certificate_not_yet_valid", leaf, leaf, [root.anchor])


@scenario
def fractions_are_cut():
    """Root → Leaf (until this second), asked nine tenths of a second later

    contract.md: "`validation_time` is cut to whole seconds".
    """
    root = CA("Root")
    return accept(root.leaf(end=NOW), [root.anchor], validation_time="2026-11-21T08:00:00.9Z")


@scenario
def other_time_zone():
    """Root → Leaf (until this second), asked in Beijing's time

    contract.md: `validation_time` is RFC 3339, §5.6 of which has offsets.
    """
    root = CA("Root")
    return accept(root.leaf(end=NOW), [root.anchor], validation_time="2026-11-21T16:00:00+08:00")


@scenario
def backwards():
    """Root → Leaf (from tomorrow until yesterday)

    RFC 5280 §6.1.3 (a)(2): no time is in that period.
    """
    root = CA("Root")
    leaf = root.leaf(start=NOW + DAY, end=NOW - DAY)
    return reject("certificate_not_yet_valid", leaf, leaf, [root.anchor])


@scenario
def intermediate_expired():
    """Root → Issuing (until yesterday) → Leaf

    RFC 5280 §6.1.3 (a)(2), of an intermediate: there is no path any more.
    """
    root, issuing = CA("Root"), CA("Issuing")
    old = root.certify(issuing, end=NOW - DAY)
    return reject("path_not_found", old, issuing.leaf(), [root.anchor], [old])


@scenario
def intermediate_not_yet_valid():
    """Root → Issuing (from tomorrow) → Leaf

    RFC 5280 §6.1.3 (a)(2), of an intermediate.
    """
    root, issuing = CA("Root"), CA("Issuing")
    early = root.certify(issuing, start=NOW + DAY)
    return reject("path_not_found", early, issuing.leaf(), [root.anchor], [early])


@scenario
def leaf_outlives_its_issuer():
    """Root → Issuing (for 10 days more) → Leaf (for 30 days more)

    RFC 5280 §6.1.3 (a)(2) asks for the current time only: periods need not nest.
    """
    root, issuing = CA("Root"), CA("Issuing")
    return accept(issuing.leaf(), [root.anchor], [root.certify(issuing, end=NOW + 10 * DAY)])


@scenario
def issued_before_its_issuer_was():
    """Root → Issuing (since yesterday) → Leaf (since 30 days)

    RFC 5280 §6.1.3 (a)(2), as above: a renewed CA certificate covers older leaves.
    """
    root, issuing = CA("Root"), CA("Issuing")
    return accept(issuing.leaf(), [root.anchor], [root.certify(issuing, start=NOW - DAY)])


@scenario
def renewed_intermediate():
    """Root → Issuing (until yesterday), Root → Issuing (same key, since then) → Leaf

    RFC 4158 §3.5.9: expired candidates come last, and end nothing.
    """
    root, issuing = CA("Root"), CA("Issuing")
    new = root.certify(issuing, start=NOW - DAY)
    leaf = issuing.leaf()
    return accept(leaf, [root.anchor], [root.certify(issuing, end=NOW - DAY), new], path=[leaf, new, root.anchor])


@scenario
def anchor_expired():
    """Root (until yesterday) → Leaf

    contract.md: "The anchor's own validity … enforced (RFC 5937)".
    """
    root = CA("Root", end=NOW - DAY)
    return reject("path_not_found", root.anchor, root.leaf(), [root.anchor])


@scenario
def anchor_expired_lax():
    """Root (until yesterday) → Leaf, with `lax`

    RFC 5280 §6.1.1 (d): of an anchor only name and key count.
    """
    root = CA("Root", end=NOW - DAY)
    return accept(root.leaf(), [root.anchor], lax=True)


@scenario
def anchor_not_yet_valid():
    """Root (from tomorrow) → Leaf

    contract.md: "The anchor's own validity … enforced (RFC 5937)".
    """
    root = CA("Root", start=NOW + DAY)
    return reject("path_not_found", root.anchor, root.leaf(), [root.anchor])


@scenario
def renewed_anchor():
    """[Root] (until yesterday), [Root] (same key, since then) → Leaf

    RFC 5937 §3.2: each anchor certificate has constraints of its own.
    """
    root = CA("Root", end=NOW - DAY)
    again = root.certify(root, start=NOW - DAY)
    leaf = root.leaf()
    return accept(leaf, [root.anchor, again], path=[leaf, again])


@scenario
def without_end():
    """Root → Leaf (until 99991231235959Z)

    RFC 5280 §4.1.2.5: "To indicate that a certificate has no well-defined expiration date, the notAfter SHOULD be assigned the
    GeneralizedTime value of 99991231235959Z."
    """
    root = CA("Root")
    return accept(root.leaf(end=datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone.utc)), [root.anchor])


@scenario
def years_of_two_digits():
    """Root → Leaf (from 500101000000Z, that is 1950, until 491231235959Z, that is 2049)

    RFC 5280 §4.1.2.5.1: "Where YY is greater than or equal to 50, the year SHALL be interpreted as 19YY; and Where YY is less than 50,
    the year SHALL be interpreted as 20YY."
    """
    root = CA("Root")
    return accept(root.leaf(start=der.tlv(0x17, b"500101000000Z"), end=der.tlv(0x17, b"491231235959Z")), [root.anchor])


@scenario
def from_2050():
    """Root → Leaf (from 20500101000000Z)

    RFC 5280 §4.1.2.5: "certificate validity dates in 2050 or later MUST be encoded as GeneralizedTime."
    """
    root = CA("Root")
    leaf = root.leaf(start=datetime(2050, 1, 1, tzinfo=timezone.utc), end=datetime(2051, 1, 1, tzinfo=timezone.utc))
    return reject("certificate_not_yet_valid", leaf, leaf, [root.anchor])


@unless_lax
def generalized_before_2050():
    """Root → Leaf (until a GeneralizedTime of next month)

    RFC 5280 §4.1.2.5: "CAs conforming to this profile MUST always encode certificate validity dates through the year 2049 as UTCTime".
    """
    root = CA("Root")
    leaf = root.leaf(end=der.generalized_time(NOW + DAY))
    return reject("certificate_malformed", leaf, leaf, [root.anchor])


@scenario
def without_seconds():
    """Root → Leaf (until 2612010000Z)

    RFC 5280 §4.1.2.5.1: "UTCTime values … MUST include seconds (i.e., times are YYMMDDHHMMSSZ), even where the number of seconds is zero."
    """
    return malformed(end=der.tlv(0x17, b"2612010000Z"))


@scenario
def with_an_offset():
    """Root → Leaf (until 261201000000+0800)

    RFC 5280 §4.1.2.5.1: "UTCTime values MUST be expressed in Greenwich Mean Time (Zulu)".
    """
    return malformed(end=der.tlv(0x17, b"261201000000+0800"))


@scenario
def with_a_fraction():
    """Root → Leaf (until 20991201000000.5Z)

    RFC 5280 §4.1.2.5.2: "GeneralizedTime values MUST NOT include fractional seconds."
    """
    return malformed(end=der.tlv(0x18, b"20991201000000.5Z"))


@scenario
def thirtieth_of_february():
    """Root → Leaf (until 270230000000Z)

    RFC 5280 §4.1.2.5.1: YYMMDDHHMMSSZ is a date; this one does not exist.
    """
    return malformed(end=der.tlv(0x17, b"270230000000Z"))


@scenario
def hour_twenty_four():
    """Root → Leaf (until 261201240000Z)

    RFC 5280 §4.1.2.5.1: hours end with 23.
    """
    return malformed(end=der.tlv(0x17, b"261201240000Z"))


@scenario
def no_digits():
    """Root → Leaf (from 26112x000000Z)

    RFC 5280 §4.1.2.5.1: digits.
    """
    return malformed(start=der.tlv(0x17, b"26112x000000Z"))


@scenario
def a_string_for_a_time():
    """Root → Leaf (until a UTF8String)

    RFC 5280 §4.1: Time ::= CHOICE { utcTime UTCTime, generalTime GeneralizedTime }.
    """
    return malformed(end=der.tlv(0x0C, b"261201000000Z"))
