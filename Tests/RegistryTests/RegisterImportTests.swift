import Foundation
import Testing

@testable import Registry

@Suite("Importing legal persons")
struct RegisterImportTests {
    @Test("quoted fields, doubled quotes, CRLF, a BOM and empty lines are read")
    func readsFields() throws {
        let records = try CommaSeparatedValues.records(of: "\u{FEFF}uscc,name\r\n\r\na,\"b, \"\"c\"\"\r\nd\"\r\ne,\n")
        #expect(records.map(\.fields) == [["uscc", "name"], ["a", "b, \"c\"\r\nd"], ["e", ""]])
        #expect(records.map(\.line) == [1, 3, 5])
    }

    @Test(
        "broken quoting is refused with its line",
        arguments: [("a,b\nc,\"d", 2), ("a,b\"c", 1), ("a,\"b\"c\n", 1), ("a,\"b\nc\nd", 1)])
    func refusesQuoting(_ text: String, line: Int) {
        #expect { try CommaSeparatedValues.records(of: text) } throws: { ($0 as? CommaSeparatedValues.Fault)?.line == line }
    }

    @Test("legal persons are added, and renamed the next time")
    func importsTwice() async throws {
        let people = try People()
        let first = "uscc,name\n91440000PDY00001XK,恒江公司\n12440000PDY000028Q,\"岭云, 中心\"\n"
        #expect(try await people.registry.importLegalPersons(csv: first, actor: .commandLine("op")) == (2, 0))
        #expect(try await people.registry.importLegalPersons(csv: first, actor: .commandLine("op")) == (0, 0))
        let second = first.replacing("恒江公司", with: "恒江集团")
        #expect(try await people.registry.importLegalPersons(csv: second, actor: .commandLine("op")) == (0, 1))
        #expect(try await people.registry.legalPerson(uscc: "91440000PDY00001XK")?.name == "恒江集团")
        #expect(try await people.registry.legalPersons(matching: "中心", limit: 10, offset: 0).map(\.uscc) == ["12440000PDY000028Q"])
        #expect(try await people.registry.legalPersons(matching: "%", limit: 10, offset: 0).isEmpty)
        #expect(try await people.auditKinds().filter { $0 == "legal_persons.imported" }.count == 3)
    }

    @Test(
        "one bad line refuses the whole file and names the line",
        arguments: [
            ("uscc,name\n91440000PDY00001XK,甲\n91440000PDY00001X0,乙", "line 3"), ("name,uscc\n", "line 1"), ("", "line 1"),
            ("uscc,name\n91440000PDY00001XK\n", "line 2"), ("uscc,name\n91440000PDY00001XK, \n", "line 2"),
            ("uscc,name\n91440000PDY00001XK,甲\n91440000PDY00001xk,乙\n", "line 3"), ("uscc,name\n91440000PDY00001XK,\"甲", "line 2"),
            ("uscc,name\n91440000PDY00001XK,甲\u{7}\n", "line 2"),
        ])
    func refusesBadLines(_ csv: String, says: String) async throws {
        let people = try People()
        await #expect {
            try await people.registry.importLegalPersons(csv: csv, actor: .system)
        } throws: { error in
            let violation = error as? RuleViolation
            return violation?.code == "request_malformed" && violation?.why.hasPrefix(says) == true
        }
        #expect(try await people.registry.legalPersons(matching: nil, limit: 10, offset: 0).isEmpty)
    }

    @Test("importing again does not lift a suspension")
    func keepsStandings() async throws {
        let people = try await People.registered()
        let administrator = try await people.administrator()
        try await people.registry.setStanding(.suspended, ofLegalPerson: People.hengjiang, by: administrator)
        _ = try await people.registry.importLegalPersons(csv: "uscc,name\n\(People.hengjiang),别名\n", actor: .system)
        #expect(try await people.registry.legalPerson(uscc: People.hengjiang)?.standing == .suspended)
    }
}
