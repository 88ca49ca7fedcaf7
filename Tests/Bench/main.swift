import Foundation
import PKI
import Tokens

// The parts of `make bench` that need our modules in-process: one JSON object on one line for each figure.
// Usage: HallpassBench ROOT.pem INTERMEDIATE.pem LEAF.pem

func measure(_ name: String, seconds: Double = 2, _ body: () throws -> Void) rethrows {
    for _ in 0..<50 { try body() }
    var count = 0
    let clock = ContinuousClock()
    let start = clock.now
    while clock.now - start < .seconds(seconds) {
        for _ in 0..<20 { try body() }
        count += 20
    }
    let elapsed = clock.now - start
    let micros = (Double(elapsed.components.seconds) * 1e6 + Double(elapsed.components.attoseconds) / 1e12) / Double(count)
    print("{\"name\": \"\(name)\", \"micros\": \(micros)}")
}

func certificate(_ path: String) throws -> Certificate {
    try Certificate.list(pem: String(contentsOfFile: path, encoding: .utf8))[0]
}

let arguments = CommandLine.arguments
guard arguments.count == 4 else {
    print("usage: HallpassBench ROOT.pem INTERMEDIATE.pem LEAF.pem")
    exit(64)
}
let (root, intermediate, leaf) = (try certificate(arguments[1]), try certificate(arguments[2]), try certificate(arguments[3]))
let now = Date()
let list = TrustList(anchors: [root], authorities: [intermediate])
var rules = list
rules.rules[AuthorityKey(subjectOf: intermediate)] = AuthorityRules(revocation: .off)
rules.rules[AuthorityKey(subjectOf: root)] = AuthorityRules(revocation: .off)
let graph = TrustGraph(rules, at: now)

try measure("validate, leaf parsed") { _ = try graph.validate(leaf, at: now) }
try measure("validate, leaf's DER parsed each time") { _ = try graph.validate(Certificate(der: leaf.der), at: now) }
try measure("parse one certificate") { _ = try Certificate(der: leaf.der) }

struct Claims: Encodable {
    let iss = "https://localhost:8443", sub = "0123456789abcdef", aud = "window", exp = 1_900_000_000, iat = 1_800_000_000
    let sid = "0123456789abcdef0123456789abcdef", acr = "urn:hallpass:acr:certificate", amr = ["pop", "swk"]
}
let key = SigningKey.generate()
try measure("sign a token (ES256)") { _ = try key.sign(Claims(), type: "JWT") }
