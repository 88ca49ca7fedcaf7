import Foundation
import HTTPTypes
import Hummingbird
import Mustache
import NIOCore
import Registry

/// Server-rendered pages: Mustache templates in `Templates/`, texts in `Locales/` (see `Templates/README.md`). Everything is escaped;
/// security headers are set by `SecurityHeaders`.
package struct Pages: Sendable {
    package let texts: Texts
    let publicOrigin: String
    let stylesheet: Asset
    private let library: MustacheLibrary
    private let crossSite: CrossSiteGuard

    /// Reads the packaged templates, texts and stylesheet.
    init(publicOrigin: String, crossSite: CrossSiteGuard) throws {
        self.publicOrigin = publicOrigin
        self.crossSite = crossSite
        texts = try Texts(directory: Resources.folder("Locales"))
        stylesheet = try Asset(file: Resources.folder("Templates").appending(path: "hallpass.css"), type: "text/css; charset=utf-8")
        library = try Self.library(in: Resources.folder("Templates"))
    }

    /// Renders `Templates/<name>.mustache`. Values beside the given ones: `t` (texts), `language`, `languages` (the switch), `csrf`,
    /// `account` (the session's name, absent without one), `public_origin`, `stylesheet`. Leave absent values out of the dictionary.
    package func render(
        _ name: String, _ values: [String: any Sendable], request: Request, session: Session? = nil, status: HTTPResponse.Status = .ok
    ) -> Response {
        let all = common(request, session).merging(values) { _, own in own }
        guard let html = library.render(all, withTemplate: name) else { return Response(status: .internalServerError) }
        return Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8", .contentLanguage: request.language.rawValue],
            body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    private func common(_ request: Request, _ session: Session?) -> [String: any Sendable] {
        let language = request.language
        var values: [String: any Sendable] = [
            "t": texts.tree(language), "language": language.rawValue, "languages": languageSwitch(request),
            "csrf": crossSite.token(of: request), "public_origin": publicOrigin, "stylesheet": publicOrigin + stylesheet.path,
        ]
        if let session { values["account"] = session.account.name }
        return values
    }

    /// One link for each other language, back to this page. A page that answered a POST, or whose query holds a one-use code, is not
    /// returned to.
    private func languageSwitch(_ request: Request) -> [[String: any Sendable]] {
        let here = request.method == .get ? ReturnPath(request.uri.string) : nil
        let back = here.flatMap { $0.description.contains("code=") ? nil : $0 } ?? .home
        return Language.allCases.filter { $0 != request.language }.map { other in
            [
                "code": other.rawValue, "name": texts.text("layout.language_name", other) ?? other.rawValue,
                "href": "\(publicOrigin)/language/\(other.rawValue)?return_to=\(back.encoded)",
            ]
        }
    }

    private static func library(in folder: URL) throws -> MustacheLibrary {
        var library = MustacheLibrary()
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        where file.pathExtension == "mustache" {
            let text = try String(contentsOf: file, encoding: .utf8)
            try library.register(text, named: file.deletingPathExtension().lastPathComponent)
        }
        return library
    }
}

/// The files packaged with the module.
enum Resources {
    struct Missing: Error { let name: String }

    static func folder(_ name: String) throws -> URL {
        guard let url = Bundle.module.url(forResource: name, withExtension: nil) else { throw Missing(name: name) }
        return url
    }
}
