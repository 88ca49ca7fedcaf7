"""DER, written only (X.690). Nothing here refuses to write what is wrong."""
from datetime import datetime


def length(count):
    if count < 0x80:
        return bytes([count])
    octets = count.to_bytes((count.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def tlv(tag, *contents):
    content = b"".join(contents)
    return bytes([tag]) + length(len(content)) + content


def sequence(*members):
    return tlv(0x30, *members)


def set_of(*members):
    """X.690 §11.6: the encodings of a SET OF stand in ascending order."""
    return tlv(0x31, *sorted(members))


def integer(value, tag=0x02):
    return tlv(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def boolean(value):
    return tlv(0x01, b"\xff" if value else b"\x00")


def null():
    return b"\x05\x00"


def octets(content):
    return tlv(0x04, content)


def bits(content, unused=0):
    return tlv(0x03, bytes([unused]), content)


def named_bits(positions, tag=0x03):
    """X.690 §11.2.2: a named bit list without trailing zero bits."""
    if not positions:
        return tlv(tag, b"\x00")
    count = max(positions) + 1
    value = sum(1 << (count - 1 - position) for position in positions)
    unused = -count % 8
    return tlv(tag, bytes([unused]), (value << unused).to_bytes((count + 7) // 8, "big"))


def oid(dotted, tag=0x06):
    first, second, *rest = (int(part) for part in dotted.split("."))
    content = b""
    for arc in [first * 40 + second, *rest]:
        group = [arc & 0x7F]
        while arc := arc >> 7:
            group.append(arc & 0x7F | 0x80)
        content += bytes(reversed(group))
    return tlv(tag, content)


def explicit(number, *content):
    return tlv(0xA0 | number, *content)


def utc_time(moment):
    return tlv(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())


def generalized_time(moment):
    return tlv(0x18, f"{moment.year:04}{moment.strftime('%m%d%H%M%SZ')}".encode())


def time(moment):
    """RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050. Bytes are taken as they are."""
    if isinstance(moment, bytes):
        return moment
    assert isinstance(moment, datetime)
    return utc_time(moment) if 1950 <= moment.year < 2050 else generalized_time(moment)
