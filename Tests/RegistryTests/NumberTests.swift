import Testing

@testable import Registry

@Suite("Numbers that identify somebody")
struct NumberTests {
    @Test(
        "a USCC with a fitting check digit is read, whatever the residue",
        arguments: ["91440000PDY00001XK", "12440000PDY000028Q", "51440000PDY000036J", "91440000PDY0001830", "91350100M000100Y43"])
    func readsCreditCodes(_ text: String) throws {
        #expect(try UnifiedSocialCreditCode(text).text == text)
        #expect(try UnifiedSocialCreditCode(text.lowercased()).text == text)
    }

    @Test("every other check character of a USCC is refused")
    func refusesWrongCheckCharacters() {
        let body = "91440000PDY000183"
        let accepted = "0123456789ABCDEFGHJKLMNPQRTUWXY".filter { (try? UnifiedSocialCreditCode(body + String($0))) != nil }
        #expect(accepted == "0")
    }

    @Test(
        "what is not a USCC is refused with its reason",
        arguments: [
            ("91440000PDY00001X", IdentifierFault.length), ("91440000PDY00001XKK", .length), ("", .length),
            ("91440000PDY00001XI", .character), ("9144000APDY00001XK", .character), ("91440000PDY00001X0", .checkDigit),
            ("１1440000PDY00001XK", .character), ("91440000PDY0000 XK", .character),
        ])
    func refusesCreditCodes(_ text: String, fault: IdentifierFault) {
        #expect(throws: fault) { try UnifiedSocialCreditCode(text) }
    }

    @Test("two neighbours exchanged are noticed")
    func noticesExchange() {
        #expect(throws: IdentifierFault.checkDigit) { try UnifiedSocialCreditCode("19440000PDY00001XK") }
    }

    @Test("an organization code is read with and without its hyphen", arguments: ["PDY00001-X", "PDY00002-8", "PDY00006-0", "PDY00001X"])
    func readsOrganizationCodes(_ text: String) throws {
        #expect(try OrganizationCode(text).text == text.replacing("-", with: ""))
    }

    @Test("an organization code whose check does not fit is refused", arguments: ["PDY00001-0", "PDY00002-X", "PDY00006-1"])
    func refusesOrganizationCodes(_ text: String) {
        #expect(throws: IdentifierFault.checkDigit) { try OrganizationCode(text) }
    }

    @Test(
        "a citizen's number is read", arguments: ["449900190001010016", "810000190001010026", "44000019000101006X", "44000019000101006x"])
    func readsCitizenNumbers(_ text: String) throws {
        #expect(try CitizenIdentifier(text).text == text.uppercased())
    }

    @Test(
        "what is not a citizen's number is refused with its reason",
        arguments: [
            ("44990019000101001", IdentifierFault.length), ("449900190001010017", .checkDigit), ("4499001900010100AX", .character),
            ("449900190113010015", .date), ("449900190002300014", .date), ("44990019010229001X", .date),
        ])
    func refusesCitizenNumbers(_ text: String, fault: IdentifierFault) throws {
        let body = text.prefix(17)
        // Dates are tried with the check digit that fits, so that it is the date which is refused.
        let candidates = fault == .date ? "0123456789X".map { body + String($0) } : [text]
        let faults = candidates.map { candidate -> IdentifierFault? in
            do throws(IdentifierFault) {
                _ = try CitizenIdentifier(candidate)
                return nil
            } catch {
                return error
            }
        }
        #expect(faults.contains(fault))
        #expect(!faults.contains(nil))
    }

    @Test("the 29th of February exists in leap years only")
    func leapYears() {
        func isThere(_ body: String) -> Bool { "0123456789X".contains { (try? CitizenIdentifier(body + String($0))) != nil } }
        #expect(isThere("44990020000229001"))
        #expect(!isThere("44990019000229001"))
        #expect(isThere("44990019960229001"))
    }

    @Test("a citizen's number shows only its ends, also when printed")
    func masksCitizenNumbers() throws {
        let number = try CitizenIdentifier("44000019000101006X")
        #expect(number.masked == "44**************6X")
        #expect("\(number)" == number.masked)
        #expect("051@张三@A44000019000101006X@1".maskingNumbers == "051@张三@A44**************6X@1")
        #expect("税务 2024-1234".maskingNumbers == "税务 2024-1234")
    }
}
