import Foundation

/// A parsed OCSP response (RFC 6960 §4.2). Nothing in it has been verified: `status(of:)` does.
package final class OCSPResponse: Sendable {
    /// Whose key signed, as the response says.
    enum ResponderID: Sendable {
        case name(DistinguishedName)
        /// SHA-1 of the bits of the responder's public key.
        case key([UInt8])
    }

    /// SingleResponse: what is said of one certificate.
    struct Answer: Sendable {
        enum Status: Sendable, Equatable {
            case good
            case revoked(since: Date, reason: Int?)
            case unknown
        }
        let id: OCSPCertID
        let status: Status
        let thisUpdate: Date
        let nextUpdate: Date?
        /// Critical and not understood: the answer tells nothing.
        let unknownExtension: ObjectIdentifier?
    }

    package let producedAt: Date
    /// What the responder repeats of the request (RFC 8954).
    package let nonce: [UInt8]?
    let responder: ResponderID
    let answers: [Answer]
    let certificates: [Certificate]
    let signature: SignedBytes
    let unknownExtension: ObjectIdentifier?

    /// 64 KiB: an answer about one certificate takes half a kilobyte, the responder's certificate one or two.
    package static let maximumLength = 64 * 1024
    /// The responder's own is enough; some send its chain.
    static let maximumCertificates = 8
    static let maximumAnswers = 64

    /// Throws `certificate_malformed`; `revocation_unavailable` when the responder says that it does not answer.
    package init(der: [UInt8]) throws(Refusal) {
        let fields: OCSPFields
        do {
            guard der.count <= Self.maximumLength else { throw Malformed("\(der.count) bytes") }
            let response = try OCSPEnvelope(der)
            guard response.status == 0, let basic = response.basic else {
                throw Refusal(.revocationUnavailable, "the OCSP responder answers \(response.statusName)")
            }
            fields = try OCSPFields(basic)
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal(.certificateMalformed, "OCSP: \((error as? Malformed)?.reason ?? "unreadable")")
        }
        producedAt = fields.producedAt
        nonce = fields.nonce
        responder = fields.responder
        answers = fields.answers
        certificates = fields.certificates
        signature = fields.signature
        unknownExtension = fields.unknownExtension
    }
}
