import Foundation
import Testing

@testable import Tokens

/// Both directions with an implementation that shares nothing with ours: Python's joserfc, in `.build/venv` (`make test` makes it).
struct OracleTests {
    private struct Question: Encodable {
        let keys: JSONSet
        let tokens: [String]
    }
    private struct JSONSet: Codable {
        let keys: [[String: String]]
    }
    private struct Answer: Decodable {
        struct Reading: Decodable {
            let header: [String: String]?
            let claims: IDToken?
            let error: String?
        }
        let read: [Reading]
        let thumbprints: [String]
        let keys: JSONSet
        let signed: [String]
    }

    @Test("what we sign, joserfc verifies; what joserfc signs, we verify; neither takes a forgery")
    func bothDirections() async throws {
        let token = try Sample.key.sign(Sample.idToken, type: IDToken.type)
        let forged = try Sample.token(header: Sample.header(), signer: .generate())
        let keys = try JSONDecoder().decode(JSONSet.self, from: Data(Sample.keys.json.utf8))
        let answer = try ask(Question(keys: keys, tokens: [token, forged]))

        #expect(answer.read[0].header == ["alg": "ES256", "typ": "JWT", "kid": Sample.key.kid])
        #expect(answer.read[0].claims == Sample.idToken)
        #expect(answer.read[1].error == "BadSignatureError")
        #expect(answer.thumbprints == [Sample.key.kid])

        let theirs = try KeySet(json: JSONEncoder().encode(answer.keys))
        let signed = try #require(answer.signed.first)
        #expect(try theirs.idToken(signed, rules: Sample.rules, at: Sample.now) == Sample.idToken)
        #expect(throws: TokenError(.keyUnknown, "`kid` is not in the key set")) { try Sample.keys.verify(signed, type: "JWT") }
    }

    private func ask(_ question: Question) throws -> Answer {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
        let process = Process(), input = Pipe(), output = Pipe()
        process.executableURL = tests.appending(path: "../../.build/venv/bin/python").standardizedFileURL
        process.arguments = [tests.appending(path: "oracle.py").path()]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(question))
        try input.fileHandleForWriting.close()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return try JSONDecoder().decode(Answer.self, from: answer)
    }
}
