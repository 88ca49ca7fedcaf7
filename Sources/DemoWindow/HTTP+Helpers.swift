import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The value of a cookie of ours (43 characters of base64url); nil if absent, odd, or sent twice.
    func onlyCookie(_ name: String) -> String? {
        let values = headers[values: .cookie].flatMap { $0.split(separator: ";") }
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { $0.hasPrefix(name + "=") }
        guard values.count == 1, let value = values.first?.dropFirst(name.count + 1), value.utf8.count == 43 else { return nil }
        guard
            value.utf8.allSatisfy({
                $0 == 0x2D || $0 == 0x5F || Character(UnicodeScalar($0)).isLetter || Character(UnicodeScalar($0)).isNumber
            })
        else { return nil }
        return String(value)
    }

    /// The first of Chinese and English in Accept-Language (RFC 9110 §12.5.4); Chinese when neither is there.
    var prefersEnglish: Bool {
        let wishes = (headers[.acceptLanguage] ?? "").lowercased().split(separator: ",").enumerated().compactMap { index, wish in
            let parts = wish.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            let isKnown = parts.first.map { $0.hasPrefix("zh") || $0.hasPrefix("en") } ?? false
            return isKnown && quality > 0 ? (language: parts[0], quality: quality, index: index) : nil
        }
        let best = wishes.min { $0.quality != $1.quality ? $0.quality > $1.quality : $0.index < $1.index }
        return best?.language.hasPrefix("en") ?? false
    }
}

extension Response {
    static func seeOther(_ location: String, cookies: [Cookie] = []) -> Response {
        var response = Response(status: .seeOther, headers: [.location: location])
        for cookie in cookies { response.setCookie(cookie) }
        return response
    }

    static func text(_ status: HTTPResponse.Status, type: String, _ text: String) -> Response {
        Response(status: status, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

extension URL {
    /// With these parameters after those it may already have.
    func appendingQuery(_ query: String) -> String { absoluteString + (self.query() == nil ? "?" : "&") + query }
}
