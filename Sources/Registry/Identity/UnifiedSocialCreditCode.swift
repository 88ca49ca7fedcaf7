/// What is wrong with a number that should identify somebody.
package enum IdentifierFault: String, Error, Sendable {
    case length = "it has the wrong length"
    case character = "it has a character that does not belong there"
    case checkDigit = "its check digit does not fit"
    case date = "its date of birth does not exist"
}

/// A legal person's unified social credit code (统一社会信用代码), GB 32100-2015: 1 department, 1 category, 6 region, 9 organization code,
/// 1 check character.
package struct UnifiedSocialCreditCode: Hashable, Sendable {
    /// 18 characters, upper case.
    package let text: String

    /// No I, O, S, V, Z.
    private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")
    /// 3^(i-1) mod 31.
    private static let weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    private static let values = Dictionary(uniqueKeysWithValues: alphabet.enumerated().map { ($1, $0) })

    /// Reads `text`, lower case too. The organization code's own check digit (GB 11714) inside it is not demanded: this code's covers it.
    package init(_ text: String) throws(IdentifierFault) {
        let characters = Array(text.uppercased())
        guard characters.count == 18 else { throw .length }
        let digits = characters.compactMap { Self.values[$0] }
        guard digits.count == 18, digits[2..<8].allSatisfy({ $0 < 10 }) else { throw .character }
        let sum = zip(digits, Self.weights).reduce(0) { $0 + $1.0 * $1.1 }
        // The outer remainder matters when the sum is a multiple of 31: the check value is then 0, not 31.
        guard digits[17] == (31 - sum % 31) % 31 else { throw .checkDigit }
        self.text = String(characters)
    }

    /// Characters 3 to 8 (GB/T 2260).
    package var region: String { String(text.dropFirst(2).prefix(6)) }
}

/// An organization code (组织机构代码), GB 11714: 8 characters and a check character. Not an identity here: the USCC that holds it is.
package struct OrganizationCode: Hashable, Sendable {
    /// 9 characters without the hyphen, upper case.
    package let text: String

    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    private static let weights = [3, 7, 9, 10, 5, 8, 4, 2]

    /// Reads `text`, with or without the hyphen before the check character.
    package init(_ text: String) throws(IdentifierFault) {
        var characters = Array(text.uppercased())
        if characters.count == 10, characters[8] == "-" { characters.remove(at: 8) }
        guard characters.count == 9 else { throw .length }
        let digits = characters.prefix(8).compactMap { Self.alphabet.firstIndex(of: $0) }
        guard digits.count == 8 else { throw .character }
        let check = 11 - zip(digits, Self.weights).reduce(0) { $0 + $1.0 * $1.1 } % 11
        let expected: Character = check == 10 ? "X" : check == 11 ? "0" : Character("\(check)")
        guard characters[8] == expected else { throw .checkDigit }
        self.text = String(characters)
    }
}
