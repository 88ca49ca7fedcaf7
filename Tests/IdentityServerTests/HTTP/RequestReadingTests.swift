import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import IdentityServer

@Suite("Reading requests")
struct RequestReadingTests {
    private func request(_ headers: HTTPFields, method: HTTPRequest.Method = .get, path: String = "/") -> Request {
        Request(
            head: HTTPRequest(method: method, scheme: "https", authority: "localhost", path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer()))
    }

    @Test("a form is read strictly", arguments: ["a=1&a=2", "a=%", "a=%4", "a=%zz", "a=%ff", "a=%00"])
    func refusesForms(text: String) {
        #expect(throws: Problem.self) { try FormEncoding.parse(text) }
    }

    @Test("a form's escapes, spaces and empty values")
    func readsForms() throws {
        #expect(try FormEncoding.parse("a=b+c%26&d=&e&%E4%B8%AD=%e6%96%87=") == ["a": "b c&", "d": "", "e": "", "中": "文="])
        #expect(FormEncoding.encode("/a?b=c d&中") == "%2Fa%3Fb%3Dc%20d%26%E4%B8%AD")
    }

    @Test("more parameters than any form has are refused")
    func tooMany() {
        let text = (0...FormEncoding.maximumParameters).map { "p\($0)=1" }.joined(separator: "&")
        #expect(throws: Problem.self) { try FormEncoding.parse(text) }
    }

    @Test("a cookie that is sent twice counts as none")
    func cookies() {
        #expect(request([.cookie: "a=1; __Host-hallpass=x=y; b=2"]).cookie("__Host-hallpass") == "x=y")
        #expect(request([.cookie: "a=1; a=2"]).cookie("a") == nil)
        #expect(request([.cookie: "xa=1"]).cookie("a") == nil)
    }

    @Test(
        "JSON is what was asked for only when Accept says so",
        arguments: [
            ("application/json", true), ("application/problem+json", true), ("text/html,application/json;q=0.5", false), ("*/*", false),
            ("text/html", false), ("application/json;q=0", false),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false),
        ])
    func wantsJSON(accept: String, expected: Bool) {
        #expect(request([.accept: accept]).wantsJSON == expected)
    }

    @Test("who posts JSON and takes anything is answered in JSON")
    func wantsJSONByBody() {
        #expect(request([.accept: "*/*", .contentType: "application/json; charset=utf-8"], method: .post).wantsJSON)
    }

    @Test(
        "paths of this origin pass", arguments: ["/", "/a/b?c=d%2Fe", "/oauth2/authorize?redirect_uri=https%3A%2F%2Fa.example%2F", "/a//b"])
    func returnPaths(text: String) {
        #expect(ReturnPath(text)?.description == text)
    }

    @Test(
        "everything that a browser could take elsewhere does not",
        arguments: [
            "", "a", "//a", "/\\a", "\\a", "http://a", "/a\nb", "/a b", "/a#b", "/%2fa", "/%5ca", "/%0aa", "/%zz", "/中",
            "/" + String(repeating: "a", count: 2048),
        ])
    func badReturnPaths(text: String) {
        #expect(ReturnPath(text) == nil)
    }
}
