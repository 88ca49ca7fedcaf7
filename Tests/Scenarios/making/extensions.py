"""Extensions of certificates and CRLs, as (OID, criticality, DER of the value)."""
from typing import NamedTuple

from . import der, names


class Extension(NamedTuple):
    oid: str
    critical: bool
    value: bytes

    @property
    def encoded(self):
        return der.sequence(der.oid(self.oid), der.boolean(True) if self.critical else b"", der.octets(self.value))


SKI, KEY_USAGE, SAN, BASIC, CRL_NUMBER, REASON = "2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.20", "2.5.29.21"
DELTA, IDP, CERTIFICATE_ISSUER, NAMES, CDP, POLICIES = "2.5.29.27", "2.5.29.28", "2.5.29.29", "2.5.29.30", "2.5.29.31", "2.5.29.32"
MAPPINGS, AKI, POLICY_CONSTRAINTS, EKU, INHIBIT_ANY = "2.5.29.33", "2.5.29.35", "2.5.29.36", "2.5.29.37", "2.5.29.54"
FRESHEST = "2.5.29.46"
UNKNOWN = "1.3.6.1.4.1.55738.666.1"
ANY_POLICY = "2.5.29.32.0"
CLIENT, SERVER, CODE, MAIL, ANY_PURPOSE = (
    "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.3", "1.3.6.1.5.5.7.3.4", "2.5.29.37.0")
USAGES = ["digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign"]


def basic(ca=True, path=None, critical=True):
    return Extension(BASIC, critical, der.sequence(der.boolean(True) if ca else b"", der.integer(path) if path is not None else b""))


def usage(*usages, critical=True):
    return Extension(KEY_USAGE, critical, der.named_bits([USAGES.index(one) for one in usages]))


def purposes(*kinds, critical=False):
    return Extension(EKU, critical, der.sequence(*map(der.oid, kinds)))


def subject_key(identifier, critical=False):
    return Extension(SKI, critical, der.octets(identifier))


def authority_key(identifier=None, issuer=None, serial=None, critical=False):
    parts = [der.tlv(0x80, identifier)] if identifier is not None else []
    if issuer is not None:
        parts += [der.tlv(0xA1, names.directory(issuer)), der.integer(serial, tag=0x82)]
    return Extension(AKI, critical, der.sequence(*parts))


def alternative(*general_names, critical=False):
    return Extension(SAN, critical, der.sequence(*general_names))


def subtree(name, minimum=None, maximum=None):
    return der.sequence(name, der.integer(minimum, 0x80) if minimum is not None else b"", der.integer(maximum, 0x81) if maximum is not None else b"")


def constraints(permitted=(), excluded=(), critical=True):
    """nameConstraints; members are general names, or subtrees already made."""
    def trees(tag, members):
        return der.tlv(tag, *(one if one[0] == 0x30 else subtree(one) for one in members)) if members else b""
    return Extension(NAMES, critical, der.sequence(trees(0xA0, permitted), trees(0xA1, excluded)))


def policies(*kinds, critical=False, qualifiers=b""):
    return Extension(POLICIES, critical, der.sequence(*(der.sequence(der.oid(kind), qualifiers) for kind in kinds)))


def mappings(*pairs, critical=True):
    return Extension(MAPPINGS, critical, der.sequence(*(der.sequence(der.oid(one), der.oid(two)) for one, two in pairs)))


def policy_constraints(explicit=None, mapping=None, critical=True):
    return Extension(POLICY_CONSTRAINTS, critical, der.sequence(
        der.integer(explicit, 0x80) if explicit is not None else b"", der.integer(mapping, 0x81) if mapping is not None else b""))


def inhibit_any(skip, critical=True):
    return Extension(INHIBIT_ANY, critical, der.integer(skip))


def unknown(critical, value=b"\x05\x00"):
    return Extension(UNKNOWN, critical, value)


REASONS = {"keyCompromise": 1, "cACompromise": 2, "affiliationChanged": 3, "superseded": 4, "cessationOfOperation": 5,
           "certificateHold": 6, "privilegeWithdrawn": 7, "aACompromise": 8}


def _point(full, relative):
    """DistributionPointName: fullName [0], or nameRelativeToCRLIssuer [1] as the members of one RDN."""
    if full is not None:
        return der.explicit(0, der.tlv(0xA0, *full))
    return der.explicit(0, der.tlv(0xA1, *(names.attribute(*pair) for pair in relative))) if relative is not None else b""


def distribution_point(full=None, relative=None, reasons=None, issuer=None):
    return der.sequence(
        _point(full, relative), der.named_bits([REASONS[one] for one in reasons], 0x81) if reasons else b"",
        der.tlv(0xA2, names.directory(issuer)) if issuer else b"")


def distribution_points(*points, critical=False):
    return Extension(CDP, critical, der.sequence(*points))


def freshest(*points):
    """freshestCRL (§4.2.1.15, §5.2.6): where deltas are found."""
    return Extension(FRESHEST, False, der.sequence(*points))


def issuing_point(full=None, relative=None, user=False, ca=False, reasons=None, indirect=False, attribute=False, critical=True):
    """issuingDistributionPoint (§5.2.5)."""
    return Extension(IDP, critical, der.sequence(
        _point(full, relative), b"\x81\x01\xff" if user else b"", b"\x82\x01\xff" if ca else b"",
        der.named_bits([REASONS[one] for one in reasons], 0x83) if reasons else b"",
        b"\x84\x01\xff" if indirect else b"", b"\x85\x01\xff" if attribute else b""))


def list_number(number, critical=False):
    return Extension(CRL_NUMBER, critical, der.integer(number))


def delta_of(base, critical=True):
    return Extension(DELTA, critical, der.integer(base))
