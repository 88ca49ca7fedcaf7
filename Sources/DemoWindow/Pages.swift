import Foundation
import HTTPTypes
import Hummingbird
import Tokens

/// The pages people see, in their language. Whatever did not come from this file is escaped.
struct Pages {
    private let configuration: WindowConfiguration
    private let texts: Texts

    init(_ request: Request, _ configuration: WindowConfiguration) {
        self.configuration = configuration
        texts = request.prefersEnglish ? .english : .chinese
    }

    // MARK: Pages

    func desk(_ visit: Visit) -> Response {
        let rights = visit.rights
        var rows: [(String, String)] = []
        if let name = visit.idToken.name { rows.append((texts.name, name)) }
        if let person = rights.holder.legalPerson { rows += [(texts.legalPerson, person.name), (texts.uscc, person.uscc)] }
        if let kind = rights.holder.certificateKind { rows.append((texts.kind, texts.kinds[kind] ?? kind.rawValue)) }
        if let staff = rights.staff {
            rows += [(texts.orgUnit, staff.orgUnit), (texts.roles, staff.roles.joined(separator: texts.comma))]
        }
        if let authentication = rights.authentication {
            rows += [(texts.level, authentication.acr), (texts.means, authentication.amr.joined(separator: texts.comma))]
        }
        for (name, value) in (rights.grant?.parameters ?? [:]).sorted(by: { $0.key < $1.key }) {
            rows.append((texts.parameter(name), value))
        }
        rows.append((texts.until, rights.grant?.until.map { $0.date.formatted(.iso8601) } ?? texts.noEnd))
        let list = rows.map { "<dt>\(Self.escape($0.0))</dt><dd>\(Self.escape($0.1))</dd>" }.joined()
        return page(
            .ok, title: texts.welcome,
            """
            <p class="lead">\(Self.escape(texts.admitted))</p><dl id="visitor">\(list)</dl>
            <div class="actions"><a class="button" href="/">\(Self.escape(texts.again))</a>
            <form method="post" action="/logout"><button class="quiet" id="logout">\(Self.escape(texts.logout))</button></form></div>
            """)
    }

    func goodbye() -> Response {
        page(
            .ok, title: texts.goodbye,
            """
            <p class="lead">\(Self.escape(texts.goodbyeDetail))</p>
            <div class="actions"><a class="button" href="/login">\(Self.escape(texts.login))</a></div>
            """)
    }

    func failure(_ failure: Failure) -> Response {
        let text = texts.failure(failure)
        return page(
            failure.status, title: text.title,
            """
            <p class="lead">\(Self.escape(text.detail))</p><p class="next">\(Self.escape(text.next))</p>
            <p class="code"><code>\(Self.escape(failure.code))</code></p>
            <div class="actions"><a class="button" href="/login">\(Self.escape(texts.tryAgain))</a>
            <a class="quiet" href="\(Self.escape(configuration.issuer))">\(Self.escape(texts.hall))</a></div>
            """)
    }

    private func page(_ status: HTTPResponse.Status, title: String, _ body: String) -> Response {
        .text(
            status, type: "text/html; charset=utf-8",
            """
            <!doctype html>
            <html lang="\(texts.language)"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Self.escape(title)) · \(Self.escape(configuration.name))</title><link rel="stylesheet" href="/style.css"></head>
            <body><header><span class="seal">\(Self.escape(String(configuration.name.prefix(1))))</span>
            <span>\(Self.escape(configuration.name))</span></header>
            <main><h1>\(Self.escape(title))</h1>\(body)</main></body></html>
            """)
    }

    static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }

    static let style = """
        :root { color-scheme: light; --ink: #1c2733; --soft: #5b6b7b; --line: #dfe5ec; --accent: #0f5c8c; --paper: #f4f7fa; }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, "Noto Sans CJK SC", "Noto Sans SC", sans-serif; }
        header { display: flex; gap: .75rem; align-items: center; padding: 1rem 1.5rem; background: #fff; border-bottom: 1px solid var(--line);
          font-weight: 600; }
        .seal { display: grid; place-items: center; width: 2.2rem; height: 2.2rem; border-radius: .5rem; background: var(--accent); color: #fff; }
        main { max-width: 44rem; margin: 3rem auto; padding: 2.5rem; background: #fff; border: 1px solid var(--line); border-radius: .9rem; }
        h1 { margin: 0 0 .5rem; font-size: 1.6rem; }
        .lead { margin: 0 0 1.5rem; color: var(--soft); }
        dl { display: grid; grid-template-columns: minmax(8rem, 12rem) 1fr; margin: 0 0 2rem; border-top: 1px solid var(--line); }
        dt, dd { margin: 0; padding: .6rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
        dt { color: var(--soft); }
        .actions { display: flex; gap: 1rem; align-items: center; flex-wrap: wrap; }
        .button, button { font: inherit; padding: .55rem 1.3rem; border-radius: .5rem; border: 1px solid var(--accent); background: var(--accent);
          color: #fff; text-decoration: none; cursor: pointer; }
        button.quiet, a.quiet { background: #fff; color: var(--accent); border-color: var(--line); }
        :focus-visible { outline: 3px solid #f0a500; outline-offset: 2px; }
        .code { color: var(--soft); font-size: .85rem; }
        @media (max-width: 40rem) { main { margin: 1rem; padding: 1.5rem; } dl { grid-template-columns: 1fr; } dt { border: 0; padding-bottom: 0; } }
        """
}
