import Testing

@testable import IdentityServer

@Suite("Anchors in YAML")
struct YAMLAnchorsTests {
    @Test(
        "an anchor of a list or a mapping is told with its line, however it is written",
        arguments: [
            "a: &a [x]\n", "a: &a {b: c}\n", "a: &a\n  - b\n", "a: &a  # c\n  - b\n", "a: &a !!seq [x]\n", "a: &a\r  - b\n",
            "a: &a\u{2028} - b\n",
            "? &a [x]\n: y\n", "a: [&a [x], y]\n", "a: [y,&a [x]]\n", "a: {\"b\":&a [x]}\n", "- &a_1-b [x]\n", "a: &a\t[x]\n", "a: &a",
        ])
    func refused(_ text: String) { #expect(YAMLAnchors.line(in: "first: 1\n" + text) == 2) }

    @Test(
        "of a single value it is none of these, nor is the sign within a text",
        arguments: [
            "a: &a text\nb: *a\n", "a: &a \"text\"\n", "a: R&D\n", "a: A & B\n", "a: \"&\"\n", "a: http://a.test/?b=1&c=[2]\n",
            "# R&D [x]\n", "",
        ])
    func taken(_ text: String) { #expect(YAMLAnchors.line(in: "first: 1\n" + text) == nil) }

    @Test("a key that would unfold into billions of values is refused at once")
    func bomb() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...11 {
            text += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        let error = #expect(throws: ConfigurationError.self) {
            try StrictYAML.decode([String: String].self, text + "? *a11\n: x\n", file: "a.yaml")
        }
        #expect(error?.line == 1)
        #expect(error?.message.contains("anchor") == true)
    }
}
