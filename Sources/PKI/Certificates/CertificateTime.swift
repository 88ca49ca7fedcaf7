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
        case .utcTime: try self.init(try node.primitive(.utcTime, "UTCTime"), isGeneralized: false)
        case .generalizedTime: try self.init(try node.primitive(.generalizedTime, "GeneralizedTime"), isGeneralized: true)
        default: throw Malformed("a time that is neither UTCTime nor GeneralizedTime")
        }
    }

    /// Content octets of a UTCTime, or of a GeneralizedTime: digits and a closing Z.
    init(_ content: ArraySlice<UInt8>, isGeneralized: Bool) throws(Malformed) {
        guard content.count == (isGeneralized ? 15 : 13), content.last == UInt8(ascii: "Z") else {
            throw Malformed("a time not of the form of RFC 5280 §4.1.2.5")
        }
        var position = content.startIndex
        func pair() throws(Malformed) -> Int {
            let (tens, ones) = (content[position], content[position + 1])
            guard tens >= 0x30, tens <= 0x39, ones >= 0x30, ones <= 0x39 else { throw Malformed("a time with something that is no digit") }
            position += 2
            return Int(tens - 0x30) * 10 + Int(ones - 0x30)
        }
        var year = try pair()
        if isGeneralized { year = year * 100 + (try pair()) } else { year += year >= 50 ? 1900 : 2000 }
        let (month, day) = (try pair(), try pair())
        date = try Self.date(year: year, month: month, day: day, hour: try pair(), minute: try pair(), second: try pair())
        isWronglyGeneralized = isGeneralized && year < 2050
    }

    private static func date(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) throws(Malformed) -> Date {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let length = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
        guard (1...12).contains(month), day >= 1, day <= length, hour < 24, minute < 60, second < 60 else {
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
