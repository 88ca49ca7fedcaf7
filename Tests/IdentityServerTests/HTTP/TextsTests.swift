import Foundation
import PKI
import Testing

@testable import IdentityServer

@Suite("Texts and templates")
struct TextsTests {
    private static func texts() throws -> Texts { try Texts(directory: Resources.folder("Locales")) }

    @Test("every code has title, detail and next step in both languages", arguments: Language.allCases)
    func complete(language: Language) throws {
        let texts = try Self.texts()
        for code in RefusalCode.allCases.map(\.rawValue) + Problem.ruleCodes + Problem.ownCodes {
            for part in ["title", "detail", "next"] {
                let text = texts.text("problem.\(code).\(part)", language)
                #expect(text?.isEmpty == false, "\(code).\(part) is missing in \(language.rawValue)")
            }
        }
    }

    @Test("every code that the sources throw as a problem is among the known ones")
    func known() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources/IdentityServer")
            .standardizedFileURL
        let known = Set(RefusalCode.allCases.map(\.rawValue) + Problem.ruleCodes + Problem.ownCodes)
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        for file in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /Problem\(\s*\.[a-zA-Z]+,\s*"([a-z_]+)"/) {
                #expect(known.contains(String(match.1)), "\(match.1) in \(file.lastPathComponent)")
            }
        }
    }

    @Test("every text that a template names exists in both languages")
    func templates() throws {
        let texts = try Self.texts()
        let folder = try Resources.folder("Templates")
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        where file.pathExtension == "mustache" {
            let template = try String(contentsOf: file, encoding: .utf8)
            #expect(!template.contains("{{{") && !template.contains("{{&"), "\(file.lastPathComponent) puts out unescaped text")
            for match in template.matches(of: /{{#?t\.([a-zA-Z_.]+)}}/) {
                for language in Language.allCases {
                    #expect(texts.text(String(match.1), language) != nil, "\(match.1) of \(file.lastPathComponent) in \(language.rawValue)")
                }
            }
        }
    }
}
