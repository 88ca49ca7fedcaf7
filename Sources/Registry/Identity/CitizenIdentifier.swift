import Foundation

/// A natural person's number (公民身份号码), GB 11643: 6 region, 8 date of birth, 3 sequence, 1 check character. Residents of Hong Kong, Macao
/// and Taiwan (81, 82, 83) and holders of the foreign permanent resident's card (9) have the same shape and check.
package struct CitizenIdentifier: Hashable, Sendable, CustomStringConvertible {
    /// 18 characters. Never stored nor logged: see `masked` and `Registry.keyedHash`.
    package let text: String

    private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    private static let checks = Array("10X98765432")

    package init(_ text: String) throws(IdentifierFault) {
        let characters = Array(text.uppercased())
        guard characters.count == 18 else { throw .length }
        let digits = characters.prefix(17).compactMap { $0.isASCII ? $0.wholeNumberValue : nil }
        guard digits.count == 17 else { throw .character }
        let sum = zip(digits, Self.weights).reduce(0) { $0 + $1.0 * $1.1 }
        guard characters[17] == Self.checks[sum % 11] else { throw .checkDigit }
        guard Self.isDate(digits[6..<14].reduce(0) { $0 * 10 + $1 }) else { throw .date }
        self.text = String(characters)
    }

    /// Characters 1 to 6.
    package var region: String { String(text.prefix(6)) }
    /// What people see: the first and last two characters.
    package var masked: String { text.prefix(2) + String(repeating: "*", count: 14) + text.suffix(2) }
    /// Masked, so that no log line shows the number by accident.
    package var description: String { masked }

    /// Does yyyyMMdd exist in the Gregorian calendar?
    private static func isDate(_ number: Int) -> Bool {
        let (year, month, day) = (number / 10000, number / 100 % 100, number % 100)
        guard (1850...2099).contains(year), (1...12).contains(month), day >= 1 else { return false }
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return day <= days[month - 1]
    }
}

extension String {
    /// For display and audit: every run of 15 or more digits (with a final X) keeps its first and last two characters. CAs write citizen
    /// numbers into common names.
    package var maskingNumbers: String {
        var result = "", run = ""
        func flush() {
            result += run.count < 15 ? run : run.prefix(2) + String(repeating: "*", count: run.count - 4) + run.suffix(2)
            run = ""
        }
        for character in self {
            if character.isASCII, character.isNumber || (run.count == 17 && (character == "X" || character == "x")) {
                run.append(character)
            } else {
                flush()
                result.append(character)
            }
        }
        flush()
        return result
    }
}
