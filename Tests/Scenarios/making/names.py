"""Distinguished names and general names (RFC 5280 §4.1.2.4, §4.2.1.6)."""
import ipaddress

from . import der

COUNTRY, ORGANIZATION, UNIT, COMMON, LOCALITY = "2.5.4.6", "2.5.4.10", "2.5.4.11", "2.5.4.3", "2.5.4.7"
EMAIL, DOMAIN = "1.2.840.113549.1.9.1", "0.9.2342.19200300.100.1.25"


def printable(text):
    return der.tlv(0x13, text.encode())


def utf8(text):
    return der.tlv(0x0C, text.encode())


def bmp(text):
    return der.tlv(0x1E, text.encode("utf-16-be"))


def teletex(text):
    return der.tlv(0x14, text.encode("latin-1"))


def ia5(text):
    return der.tlv(0x16, text.encode())


def attribute(kind, value):
    """`value` is text, or the DER of a string type."""
    if isinstance(value, str):
        value = printable(value) if kind == COUNTRY else ia5(value) if kind in (EMAIL, DOMAIN) else utf8(value)
    return der.sequence(der.oid(kind), value)


def dn(*rdns):
    """A Name. Each RDN is (type, value) or a list of such pairs."""
    return der.sequence(*(der.set_of(*(attribute(*pair) for pair in (rdn if isinstance(rdn, list) else [rdn]))) for rdn in rdns))


def common(text, organization=None):
    """C=CN, (O=…,) CN=…"""
    return dn((COUNTRY, "CN"), *([(ORGANIZATION, organization)] if organization else []), (COMMON, text))


EMPTY = der.sequence()


def dns(text):
    return der.tlv(0x82, text.encode())


def email(text):
    return der.tlv(0x81, text.encode())


def uri(text):
    return der.tlv(0x86, text.encode())


def ip(text):
    """An address, or a network as name constraints write it (§4.2.1.10): address and mask."""
    if "/" in text:
        network = ipaddress.ip_network(text)
        return der.tlv(0x87, network.network_address.packed + network.netmask.packed)
    return der.tlv(0x87, ipaddress.ip_address(text).packed)


def directory(name):
    return der.tlv(0xA4, name)


def other(kind, value=b"\x05\x00"):
    return der.tlv(0xA0, der.oid(kind), der.explicit(0, value))


def registered(kind):
    return der.oid(kind, tag=0x88)
