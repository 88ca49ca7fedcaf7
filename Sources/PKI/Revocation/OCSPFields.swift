import Foundation
import SwiftASN1

/// OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED, responseBytes [0] EXPLICIT SEQUENCE { responseType, response } OPTIONAL }
struct OCSPEnvelope {
    let status: Int
    /// BasicOCSPResponse; there if and only if the status is successful (§4.2.1).
    let basic: ASN1Node?

    init(_ der: [UInt8]) throws(Malformed) {
        var parts = try DERSequence(try ASN1Node.parse(der[...], "OCSPResponse"), .sequence, "OCSPResponse")
        status = try parts.next().count("responseStatus", as: .enumerated)
        let wrapped = parts.next(if: .context(0))
        try parts.finish()
        guard (status == 0) == (wrapped != nil) else { throw Malformed("responseBytes do not go with the status") }
        basic = try wrapped.map { node throws(Malformed) in try Self.basic(node) }
    }

    private static func basic(_ node: ASN1Node) throws(Malformed) -> ASN1Node {
        var wrapper = try DERSequence(node, .context(0), "responseBytes")
        var bytes = try DERSequence(try wrapper.next(), .sequence, "ResponseBytes")
        try wrapper.finish()
        let type = try bytes.next().objectIdentifier("responseType")
        guard type == .ocspBasic else { throw Malformed("responseType \(type)") }
        let content = try bytes.next().octets("response")
        try bytes.finish()
        return try ASN1Node.parse(content, "BasicOCSPResponse")
    }

    /// OCSPResponseStatus (§4.2.1).
    var statusName: String {
        let names = ["successful", "malformedRequest", "internalError", "tryLater", "status 4", "sigRequired", "unauthorized"]
        return names.indices.contains(status) ? names[status] : "status \(status)"
    }
}

/// BasicOCSPResponse and ResponseData, read in order (§4.2.1).
struct OCSPFields {
    let responder: OCSPResponse.ResponderID
    let producedAt: Date
    let answers: [OCSPResponse.Answer]
    let nonce: [UInt8]?
    let unknownExtension: ObjectIdentifier?
    let certificates: [Certificate]
    let signature: SignedBytes

    /// SEQUENCE { tbsResponseData, signatureAlgorithm, signature BIT STRING, certs [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL }
    init(_ node: ASN1Node) throws(Malformed) {
        var parts = try DERSequence(node, .sequence, "BasicOCSPResponse")
        let data = try parts.next()
        let algorithm = try SignatureAlgorithm(try parts.next())
        let (octets, unused) = try parts.next().bits("signature")
        guard unused == 0 else { throw Malformed("signature: not whole octets") }
        signature = SignedBytes(signed: data.encodedBytes, algorithm: algorithm, signature: octets)
        certificates = try parts.next(if: .context(0)).map { node throws(Malformed) in try Self.certificates(node) } ?? []
        try parts.finish()

        // version [0] DEFAULT v1 is never written out in DER, and there is no other version.
        var fields = try DERSequence(data, .sequence, "ResponseData")
        responder = try Self.responder(try fields.next())
        producedAt = try Self.time(try fields.next())
        answers = try Self.answers(try fields.next())
        let extensions = try fields.next(if: .context(1)).map { node throws(Malformed) in try Self.extensions(node) } ?? []
        try fields.finish()
        nonce = try extensions.first { $0.id == .ocspNonce }.map { one throws(Malformed) in try Self.nonce(one.value) }
        unknownExtension = extensions.first { $0.isCritical && $0.id != .ocspNonce }?.id
    }

    /// CHOICE { byName [1] EXPLICIT Name, byKey [2] EXPLICIT OCTET STRING }
    private static func responder(_ node: ASN1Node) throws(Malformed) -> OCSPResponse.ResponderID {
        if node.identifier == .context(1) {
            var wrapper = try DERSequence(node, .context(1), "byName")
            let name = try DistinguishedName(node: try wrapper.next())
            try wrapper.finish()
            return .name(name)
        }
        var wrapper = try DERSequence(node, .context(2), "byKey")
        let hash = try wrapper.next().octets("KeyHash")
        try wrapper.finish()
        guard hash.count == 20 else { throw Malformed("KeyHash of \(hash.count) octets") }
        return .key(Array(hash))
    }

    private static func answers(_ node: ASN1Node) throws(Malformed) -> [OCSPResponse.Answer] {
        var members = try DERSequence(node, .sequence, "responses")
        var list = [OCSPResponse.Answer]()
        while !members.isAtEnd {
            guard list.count < OCSPResponse.maximumAnswers else { throw Malformed("more than \(list.count) answers") }
            list.append(try answer(try members.next()))
        }
        return list
    }

    /// SEQUENCE { certID, certStatus, thisUpdate, nextUpdate [0] EXPLICIT OPTIONAL, singleExtensions [1] EXPLICIT OPTIONAL }
    private static func answer(_ node: ASN1Node) throws(Malformed) -> OCSPResponse.Answer {
        var parts = try DERSequence(node, .sequence, "SingleResponse")
        let id = try OCSPCertID(try parts.next())
        let status = try status(try parts.next())
        let thisUpdate = try time(try parts.next())
        let nextUpdate = try parts.next(if: .context(0)).map { node throws(Malformed) in
            var wrapper = try DERSequence(node, .context(0), "nextUpdate")
            let date = try time(try wrapper.next())
            try wrapper.finish()
            return date
        }
        let extensions = try parts.next(if: .context(1)).map { node throws(Malformed) in try Self.extensions(node) } ?? []
        try parts.finish()
        return OCSPResponse.Answer(
            id: id, status: status, thisUpdate: thisUpdate, nextUpdate: nextUpdate,
            unknownExtension: extensions.first(where: \.isCritical)?.id)
    }

    /// CHOICE { good [0] IMPLICIT NULL, revoked [1] IMPLICIT RevokedInfo, unknown [2] IMPLICIT NULL }
    private static func status(_ node: ASN1Node) throws(Malformed) -> OCSPResponse.Answer.Status {
        if node.identifier == .context(1) {
            var parts = try DERSequence(node, .context(1), "RevokedInfo")
            let since = try time(try parts.next())
            let reason = try parts.next(if: .context(0)).map { node throws(Malformed) in
                var wrapper = try DERSequence(node, .context(0), "revocationReason")
                let value = try wrapper.next().count("CRLReason", as: .enumerated)
                try wrapper.finish()
                guard value <= 10, value != 7 else { throw Malformed("CRLReason \(value)") }
                return value
            }
            try parts.finish()
            return .revoked(since: since, reason: reason)
        }
        let isGood = node.identifier == .context(0)
        guard try node.primitive(.context(isGood ? 0 : 2), "certStatus").isEmpty else { throw Malformed("certStatus: a NULL with content") }
        return isGood ? .good : .unknown
    }

    /// GeneralizedTime always, as RFC 5280 §4.1.2.5.2 restricts it (RFC 6960 §4.2.2.1).
    private static func time(_ node: ASN1Node) throws(Malformed) -> Date {
        try CertificateTime(try node.primitive(.generalizedTime, "GeneralizedTime"), isGeneralized: true).date
    }

    private static func extensions(_ node: ASN1Node) throws(Malformed) -> [Extension] {
        var wrapper = try DERSequence(node, .context(1), "Extensions")
        let list = try Extension.list(try wrapper.next())
        try wrapper.finish()
        return list
    }

    /// Nonce ::= OCTET STRING (SIZE(1..128)) (RFC 9654 §2.1)
    private static func nonce(_ value: ArraySlice<UInt8>) throws(Malformed) -> [UInt8] {
        let octets = try ASN1Node.parse(value, "nonce").octets("nonce")
        guard (1...128).contains(octets.count) else { throw Malformed("nonce of \(octets.count) octets") }
        return Array(octets)
    }

    private static func certificates(_ node: ASN1Node) throws(Malformed) -> [Certificate] {
        var wrapper = try DERSequence(node, .context(0), "certs")
        var members = try DERSequence(try wrapper.next(), .sequence, "certs")
        try wrapper.finish()
        var list = [Certificate]()
        while !members.isAtEnd {
            guard list.count < OCSPResponse.maximumCertificates else { throw Malformed("more than \(list.count) certificates") }
            let der = Array(try members.next().encodedBytes)
            do throws(Refusal) { list.append(try Certificate(der: der)) } catch { throw Malformed("certs: \(error.why)") }
        }
        return list
    }
}
