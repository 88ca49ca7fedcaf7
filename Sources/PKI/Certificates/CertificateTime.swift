import Foundation
import SwiftASN1

/// Time ::= CHOICE { utcTime UTCTime, generalTime GeneralizedTime } as RFC 5280 §4.1.2.5 restricts it:
/// seconds present, Zulu, no fraction.
struct CertificateTime {
    let date: Date
    /// Dates through 2049 must be UTCTime (§4.1.2.5): a fault against §4's profile, not against §6.
    let isWronglyGeneralized: Bool

    init(_ node: ASN1Node) throws(Malformed) {
        switch node.identifier {
        case .utcTime:
            let (values, _) = try Self.fields(try node.primitive(.utcTime, "UTCTime"), yearDigits: 2)
            date = try Self.date(year: values[0] >= 50 ? 1900 + values[0] : 2000 + values[0], values)
            isWronglyGeneralized = false
        case .generalizedTime:
            let (values, year) = try Self.fields(try node.primitive(.generalizedTime, "GeneralizedTime"), yearDigits: 4)
            date = try Self.date(year: year, values)
            isWronglyGeneralized = year < 2050
        default:
            throw Malformed("a time that is neither UTCTime nor GeneralizedTime")
        }
    }

    /// [year, month, day, hour, minute, second] from digits and a closing Z.
    private static func fields(_ content: ArraySlice<UInt8>, yearDigits: Int) throws(Malformed) -> (values: [Int], year: Int) {
        guard content.count == yearDigits + 11, content.last == UInt8(ascii: "Z") else {
            throw Malformed("a time not of the form of RFC 5280 §4.1.2.5")
        }
        var digits = content.dropLast()
        func number(_ count: Int) throws(Malformed) -> Int {
            var value = 0
            for byte in digits.prefix(count) {
                guard byte >= 0x30, byte <= 0x39 else { throw Malformed("a time with something that is no digit") }
                value = value * 10 + Int(byte - 0x30)
            }
            digits = digits.dropFirst(count)
            return value
        }
        let year = try number(yearDigits)
        return ([year, try number(2), try number(2), try number(2), try number(2), try number(2)], year)
    }

    private static func date(year: Int, _ values: [Int]) throws(Malformed) -> Date {
        let (month, day, hour, minute, second) = (values[1], values[2], values[3], values[4], values[5])
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...12).contains(month), day >= 1, day <= lengths[month - 1], hour < 24, minute < 60, second < 60 else {
            throw Malformed("a time that does not exist")
        }
        // Days since 1970-01-01 in the proleptic Gregorian calendar: years counted from March, so that the leap day ends one.
        let marchYear = month > 2 ? year : year - 1
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        return Date(timeIntervalSince1970: Double(days * 86_400 + hour * 3600 + minute * 60 + second))
    }
}
