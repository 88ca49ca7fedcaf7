/// A JWS in compact serialization (RFC 7515 §7.1), taken apart but not yet believed.
struct CompactJWS {
    static let maximumBytes = 16_384

    let header: JOSEHeader
    let payload: [UInt8]
    let signature: [UInt8]
    let signingInput: [UInt8]

    init(_ text: String) throws(TokenError) {
        let bytes = Array(text.utf8.prefix(Self.maximumBytes + 1))
        guard bytes.count <= Self.maximumBytes else { throw TokenError(.tokenTooLarge, "more than \(Self.maximumBytes) bytes") }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw TokenError(.tokenMalformed, "not three parts with dots between them") }
        guard let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]), let signature = Base64URL.decode(parts[2])
        else { throw TokenError(.tokenMalformed, "a part is not base64url") }
        self.header = try JOSEHeader(json: header)
        self.payload = payload
        self.signature = signature
        signingInput = Array(bytes[..<parts[1].endIndex])
    }
}

/// The JOSE header (RFC 7515 §4), as far as it decides anything here.
struct JOSEHeader {
    let kid: String
    let type: String

    /// Reads the header and refuses, before any key is looked at, what would let the token choose how it is verified.
    init(json: [UInt8]) throws(TokenError) {
        let members: Members
        do {
            members = try StrictJSON.decode(Members.self, from: json)
        } catch  where error.code == .claimsMalformed {
            throw TokenError(.tokenMalformed, "header: \(error.detail)")
        }
        // RFC 8725 §3.1: an allow-list of one; `none` and the HMACs (key confusion) fall here.
        guard members.alg == "ES256" else { throw TokenError(.algorithmNotPermitted, "only ES256 is") }
        // RFC 7515 §4.1.11: no extension is understood, so none may be critical.
        guard !members.hasCritical else { throw TokenError(.criticalHeaderNotSupported, "`crit` is present") }
        guard !members.bringsKey else { throw TokenError(.headerKeyNotPermitted, "a key or its address is in the header") }
        guard let kid = members.kid, !kid.isEmpty else { throw TokenError(.keyIDMissing, "no `kid`") }
        guard let type = members.typ else { throw TokenError(.typeMismatch, "no `typ`") }
        self.kid = kid
        self.type = type
    }

    /// `typ` is a media type: case does not count and `application/` may be left out (RFC 7515 §4.1.9).
    func isType(_ expected: String) -> Bool {
        let type = type.lowercased(), expected = expected.lowercased()
        return type == expected || type == "application/" + expected
    }

    private struct Members: Decodable {
        let alg: String
        let typ: String?
        let kid: String?
        let hasCritical: Bool
        let bringsKey: Bool

        private enum Member: String, CodingKey, CaseIterable { case alg, typ, kid, crit, b64, jwk, jku, x5u, x5c }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Member.self)
            alg = try members.decode(String.self, forKey: .alg)
            typ = try members.decodeIfPresent(String.self, forKey: .typ)
            kid = try members.decodeIfPresent(String.self, forKey: .kid)
            hasCritical = members.contains(.crit) || members.contains(.b64)
            bringsKey = [.jwk, .jku, .x5u, .x5c].contains { members.contains($0) }
        }
    }
}
