import Foundation
import Testing
import Yams

@testable import IdentityServer

@Suite("A trust list changed as text")
struct TrustListTextTests {
    private func appended(_ name: String, to key: String, of text: String) throws -> String {
        var edited = TrustListText(text, file: "trust.yaml")
        try edited.append(name, to: key)
        return edited.text
    }

    @Test(
        "a name is put at the end of its list, before the comments that are about the next key",
        arguments: [
            (
                "anchors:\n  - a.pem  # the first\n\n# Others.\nauthorities:\n  - b.pem\n",
                "anchors:\n  - a.pem  # the first\n  - \"x.pem\"\n\n# Others.\nauthorities:\n  - b.pem\n"
            ),
            ("anchors:\n- a.pem\nauthorities:\n- b.pem\n", "anchors:\n- a.pem\n- \"x.pem\"\nauthorities:\n- b.pem\n"),
            ("anchors: [a.pem, b.pem]\nversion: 1\n", "anchors: [\"x.pem\", a.pem, b.pem]\nversion: 1\n"),
            ("anchors: []\n", "anchors: [\"x.pem\"]\n"), ("version: 1", "version: 1\n\nanchors:\n  - \"x.pem\"\n"),
            ("version: 1\nanchors:\n    - a.pem", "version: 1\nanchors:\n    - a.pem\n    - \"x.pem\"\n"),
        ])
    func append(_ before: String, _ after: String) throws { #expect(try appended("x.pem", to: "anchors", of: before) == after) }

    @Test("an entry of several lines keeps its form and follows the last one")
    func entry() throws {
        var edited = TrustListText("cas:\n  - certificate: a.pem\n    name: 甲\nversion: 1\n", file: "trust.yaml")
        try edited.append(lines: ["certificate: b.pem", "identity:", "  # where", "  name: x"], to: "cas")
        #expect(
            edited.text
                == "cas:\n  - certificate: a.pem\n    name: 甲\n  - certificate: b.pem\n    identity:\n      # where\n      name: x\nversion: 1\n"
        )
        #expect(try Yams.compose(yaml: edited.text)?["cas"]?.sequence?.count == 2)
    }

    @Test("what is not written with one key or one entry a line is left to its author")
    func refused() throws {
        #expect(throws: ConfigurationError.self) { try appended("x.pem", to: "anchors", of: "{version: 1, anchors: [a.pem]}") }
        #expect(throws: ConfigurationError.self) { try appended("x.pem", to: "anchors", of: "anchors: a.pem\n") }
        var edited = TrustListText("cas: [{certificate: a.pem}]\n", file: "trust.yaml")
        #expect(throws: ConfigurationError.self) { try edited.append(lines: ["certificate: b.pem", "name: b"], to: "cas") }
    }

    @Test("lines may end as on Windows; with other ends the text is left to its author")
    func lineEnds() throws {
        let text = "version: 1\r\nanchors:\r\n  - a.pem\r\nauthorities: []\r\n"
        #expect(
            try appended("x.pem", to: "anchors", of: text)
                == "version: 1\r\nanchors:\r\n  - a.pem\r\n  - \"x.pem\"\nauthorities: []\r\n")
        var edited = TrustListText(text, file: "trust.yaml")
        try edited.replace(["anchors", 0], with: "y.pem")
        #expect(edited.text == "version: 1\r\nanchors:\r\n  - \"y.pem\"\r\nauthorities: []\r\n")
        for end in ["\r", "\u{85}", "\u{2028}", "\u{2029}"] {
            #expect(throws: ConfigurationError.self) { try appended("x.pem", to: "anchors", of: "version: 1\(end)anchors:\(end)- a.pem\n") }
        }
    }

    @Test("a name is replaced where it stands, however it is quoted")
    func replace() throws {
        for (before, after) in [
            ("anchors:\n  - a.pem # 甲\n", "anchors:\n  - \"b.pem\" # 甲\n"), ("anchors: [x, \"a.pem\"]\n", "anchors: [x, a.pem]\n"),
            ("anchors: ['甲.pem', 'a.pem']\n", "anchors: ['甲.pem', \"b.pem\"]\n"),
        ] {
            var edited = TrustListText(before, file: "trust.yaml")
            let index = before.contains("[") ? 1 : 0
            try edited.replace(["anchors", .index(index)], with: after.contains("b.pem") ? "b.pem" : "a.pem")
            #expect(try Yams.compose(yaml: edited.text) == Yams.compose(yaml: after))
            #expect(edited.text.contains("甲") == before.contains("甲"))
        }
    }
}
