import Foundation
import PKI
import Registry

/// What a responder said of one certificate, verified.
package struct ResponderAnswer: Sendable, Equatable {
    package enum Status: Sendable, Equatable {
        case good
        case revoked(since: Date, reason: Int?)
    }
    package let status: Status
    package let thisUpdate: Date
    /// Nil: newer information is to be had all the time (RFC 6960 §4.2.2.1).
    package let nextUpdate: Date?
    /// As it came, for the graph and to be kept.
    package let response: [UInt8]

    package init(status: Status, thisUpdate: Date, nextUpdate: Date?, response: [UInt8]) {
        self.status = status
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.response = response
    }

    /// An answer without nextUpdate is used so long after thisUpdate: long enough for the pages of one visit.
    static let withoutEnd: TimeInterval = 60
    var end: Date { nextUpdate ?? thisUpdate.addingTimeInterval(Self.withoutEnd) }

    var refusalCode: RefusalCode? {
        guard case .revoked(_, let reason) = status else { return nil }
        return CRLReason.code(reason)
    }

    /// For the registry's certificates.
    var said: IssuerStatement.Said {
        guard case .revoked(let since, let reason) = status else { return .released }
        return .revoked(code: CRLReason.code(reason), since: since)
    }
}

/// OCSP's messages (RFC 6960): how a question is put and what answers it, without a network.
package protocol ResponderLanguage: Sendable {
    func question(about leaf: Certificate, issuer: Certificate, nonce: [UInt8]) throws(Refusal) -> [UInt8]
    /// Throws `Refusal` for everything but a good or revoked status of this very certificate by a signer who may say so; `nonce`: of the
    /// question (nil for an answer that was kept).
    func answer(
        _ response: [UInt8], about leaf: Certificate, issuer: Certificate, rules: AuthorityRules, nonce: [UInt8]?, now: Date
    ) throws(Refusal) -> ResponderAnswer
}
