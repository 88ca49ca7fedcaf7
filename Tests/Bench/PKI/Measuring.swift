import Foundation
import PKI

/// Microseconds of CPU of this process: on a machine that is shared, the only clock that counts nobody else's work.
func processMicros() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
}

/// One figure on one line, as JSON.
func figure(_ name: String, micros: Double?, value: Double? = nil, outcome: String? = nil) {
    struct Figure: Encodable {
        let name: String
        let micros: Double?
        let value: Double?
        let outcome: String?
    }
    let encoded = try? JSONEncoder().encode(Figure(name: name, micros: micros, value: value, outcome: outcome))
    print(String(decoding: encoded ?? Data(), as: UTF8.self))
}

/// The median of batches, in microseconds a call.
func measure(_ name: String, batches: Int = 41, calls: Int = 50, _ body: () throws -> Void) rethrows {
    var medians = [Double]()
    for _ in 0..<batches {
        let start = processMicros()
        for _ in 0..<calls { try body() }
        medians.append((processMicros() - start) / Double(calls))
    }
    figure(name, micros: medians.sorted()[batches / 2])
}

/// Anchors, other CAs and a leaf out of three PEM files. Revocation is not asked: the peers are not asked for it, either.
struct Question {
    let anchors: [Certificate]
    let authorities: [Certificate]
    let leaf: Certificate
    let settings: ValidationSettings
    let now = Date()

    /// `isLax`: certificates without key identifiers are refused otherwise (RFC 5280 §4.2.1.1), and nothing would be searched.
    init(_ paths: some Collection<String>, isLax: Bool = false) throws {
        settings = ValidationSettings(isLax: isLax, unlistedAuthorities: AuthorityRules(revocation: .off))
        let lists = try paths.map { try Certificate.list(pem: String(contentsOfFile: $0, encoding: .utf8)) }
        guard lists.count == 3, let leaf = lists[2].first else { throw CocoaError(.fileReadUnknown) }
        (anchors, authorities) = (lists[0], lists[1])
        self.leaf = leaf
    }

    var list: TrustList { TrustList(anchors: anchors, authorities: authorities) }
    func graph() -> TrustGraph { TrustGraph(list, at: now, settings: settings) }
}
