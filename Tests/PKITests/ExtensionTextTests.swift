import PKI
import Testing

@Suite("Text in extensions")
struct ExtensionTextTests {
    private func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { [tag, UInt8(content.count)] + content }
    private let code = Array("91440000PDY00001XK".utf8)

    @Test("every string type is read, bare or in a context tag, an OCTET STRING or a SEQUENCE of one")
    func readsStringTypes() {
        for tag: UInt8 in [0x0C, 0x13, 0x16, 0x1A, 0x14] {
            #expect(ExtensionText.decode(value(tag, code), as: .derString) == "91440000PDY00001XK")
        }
        let printable = value(0x13, code)
        for wrapped in [
            value(0x80, code), value(0xA0, printable), value(0x04, printable), value(0x30, printable), value(0x04, value(0x80, code)),
        ] {
            #expect(ExtensionText.decode(wrapped, as: .auto) == "91440000PDY00001XK")
            #expect(ExtensionText.decode(wrapped, as: .derString) == "91440000PDY00001XK")
        }
    }

    @Test("BMPString, UniversalString and UTF-16LE are read as what they are")
    func readsWideStrings() {
        #expect(ExtensionText.decode(value(0x1E, [0x5F, 0x20, 0x4E, 0x09]), as: .auto) == "张三")
        #expect(ExtensionText.decode(value(0x1C, [0, 0, 0x5F, 0x20]), as: .auto) == "张")
        #expect(ExtensionText.decode([0x20, 0x5F, 0x09, 0x4E], as: .utf16le) == "张三")
        #expect(ExtensionText.decode(value(0x04, [0x20, 0x5F]), as: .utf16le) == "张")
    }

    @Test("the bare characters are text for auto and utf8, not for der-string")
    func readsBareText() {
        #expect(ExtensionText.decode(code, as: .auto) == "91440000PDY00001XK")
        #expect(ExtensionText.decode(code, as: .utf8) == "91440000PDY00001XK")
        #expect(ExtensionText.decode(code, as: .derString) == nil)
    }

    @Test("what is not text is nil: control characters, odd or broken units, two strings, deep wrapping, excess")
    func refuses() {
        let printable = value(0x13, code)
        #expect(ExtensionText.decode(value(0x0C, [0x41, 0x00]), as: .derString) == nil)
        #expect(ExtensionText.decode([0xFF, 0xFE, 0xFF], as: .auto) == nil)
        #expect(ExtensionText.decode(value(0x1E, [0x5F]), as: .derString) == nil)
        #expect(ExtensionText.decode(value(0x1E, [0xD8, 0x00]), as: .derString) == nil)
        #expect(ExtensionText.decode(value(0x13, [0xC3, 0xA9]), as: .derString) == nil)
        #expect(ExtensionText.decode(value(0x30, printable + printable), as: .derString) == nil)
        #expect(ExtensionText.decode((0..<6).reduce(printable) { inner, _ in value(0x30, inner) }, as: .derString) == nil)
        #expect(ExtensionText.decode(printable + [0], as: .derString) == nil)
        #expect(ExtensionText.decode([UInt8](repeating: 0x41, count: 5000), as: .utf8) == nil)
        #expect(ExtensionText.decode([], as: .derString) == nil)
    }

    @Test("otherNames of one type are found among the names of a subjectAltName")
    func readsOtherNames() {
        let type: [UInt8] = [0x06, 0x03, 0x2A, 0x03, 0x04]  // 1.2.3.4
        let other = value(0xA0, type + value(0xA0, value(0x0C, code)))
        let host = value(0x82, Array("a.example".utf8))
        let names = ExtensionText.otherNames("1.2.3.4", in: value(0x30, host + other))
        #expect(names == [value(0x0C, code)])
        #expect(ExtensionText.otherNames("1.2.3.5", in: value(0x30, host + other)) == [])
        #expect(ExtensionText.otherNames("1.2.3.4", in: value(0x30, value(0xA0, type))) == nil)
        #expect(ExtensionText.otherNames("1.2.3.4", in: [0x30, 0x05, 0x00]) == nil)
    }
}
