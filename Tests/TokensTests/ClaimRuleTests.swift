import Foundation
import Testing

@testable import Tokens

/// Tokens with a good signature and one claim that is not right.
struct ClaimRuleTests {
    private func refusal(_ verify: () throws -> some Any) -> TokenError.Code? {
        do {
            _ = try verify()
            return nil
        } catch {
            return (error as? TokenError)?.code
        }
    }

    private func idRefusal(_ change: (inout IDToken) -> Void) -> TokenError.Code? { refusal { try Sample.verifyIDToken(change) } }

    private func jsonRefusal(_ members: [String: Any], type: String = IDToken.type) -> TokenError.Code? {
        refusal {
            let token = try Sample.signedJSON(members, type: type)
            if type == IDToken.type { _ = try Sample.keys.idToken(token, rules: Sample.rules, at: Sample.now) }
            if type == AccessToken.type { _ = try Sample.keys.accessToken(token, rules: Sample.rules, at: Sample.now) }
        }
    }

    @Test("what was signed is what is read")
    func roundTrip() throws {
        #expect(try Sample.verifyIDToken { _ in } == Sample.idToken)
        #expect(try Sample.verifyAccessToken { _ in } == Sample.accessToken)
        let staff = StaffClaims(roles: ["approver"], orgUnit: "guangdong/guangzhou")
        let token = try Sample.verifyIDToken {
            $0.holder = HolderClaims()
            $0.staff = staff
        }
        #expect(token.staff == staff && token.holder.legalPerson == nil)
    }

    @Test("claims lie flat in JSON under the names of the contract")
    func names() throws {
        let names = { (claims: any Encodable) in
            Set((try JSONSerialization.jsonObject(with: JSONEncoder().encode(claims)) as? [String: Any] ?? [:]).keys)
        }
        let common: Set = [
            "iss", "sub", "aud", "exp", "iat", "acr", "amr", "auth_time", "sid", "legal_person", "certificate_kind", "grant",
        ]
        #expect(try names(Sample.idToken) == common.union(["nonce"]))
        #expect(try names(Sample.accessToken) == common.union(["client_id", "jti", "scope"]))
    }

    @Test(
        "another issuer, or ours spelled otherwise, is refused",
        arguments: ["https://id.example/", "https://ID.example", "https://evil.example", ""])
    func issuer(issuer: String) {
        #expect(idRefusal { $0.registered.issuer = issuer } == .issuerMismatch)
    }

    @Test("an ID token for another window, or for ours and another, is refused")
    func idTokenAudience() {
        #expect(idRefusal { $0.registered.audience = Audience("taxes") } == .audienceMismatch)
        #expect(idRefusal { $0.registered.audience = Audience(Sample.window, "taxes") } == .audienceMismatch)
        #expect(idRefusal { $0.registered.audience = Audience("Permits") } == .audienceMismatch)
        #expect(jsonRefusal(["aud": [String]()]) == .audienceMismatch)
    }

    @Test("an access token opens the window it names, beside userinfo, and no other")
    func accessTokenAudience() {
        #expect(
            refusal { try Sample.verifyAccessToken { $0.registered.audience = Audience(Sample.window, "\(Sample.issuer)/userinfo") } }
                == nil)
        #expect(refusal { try Sample.verifyAccessToken { $0.registered.audience = Audience("taxes", "permits2") } } == .audienceMismatch)
    }

    @Test("the issuer itself may look at a token of any window")
    func anyAudience() throws {
        let rules = TokenRules(issuer: Sample.issuer, audience: .any)
        let token = try Sample.key.sign(Sample.idToken, type: IDToken.type)
        #expect(try Sample.keys.idToken(token, rules: rules, at: Sample.now).registered.audience == Audience(Sample.window))
    }

    @Test("expiry counts from its very second, give or take the skew")
    func expiry() {
        #expect(idRefusal { $0.registered.expires.seconds = Sample.seconds - 29 } == nil)
        #expect(idRefusal { $0.registered.expires.seconds = Sample.seconds - 30 } == .expired)
        #expect(idRefusal { $0.registered.expires.seconds = 0 } == .expired)
    }

    @Test("nbf and iat in the future are refused beyond the skew")
    func future() {
        #expect(idRefusal { $0.registered.notBefore = NumericDate(seconds: Sample.seconds + 30) } == nil)
        #expect(idRefusal { $0.registered.notBefore = NumericDate(seconds: Sample.seconds + 31) } == .notYetValid)
        #expect(idRefusal { $0.registered.issuedAt.seconds = Sample.seconds + 30 } == nil)
        #expect(idRefusal { $0.registered.issuedAt.seconds = Sample.seconds + 31 } == .issuedInFuture)
    }

    @Test("without skew the limits are exact")
    func noSkew() throws {
        let rules = TokenRules(issuer: Sample.issuer, audience: .required(Sample.window), clockSkew: 0)
        let token = try Sample.key.sign(Sample.idToken, type: IDToken.type)
        let at = { (offset: Double) in self.refusal { try Sample.keys.idToken(token, rules: rules, at: Sample.now + offset) } }
        #expect(at(-1) == .issuedInFuture)
        #expect(at(0) == nil)
        #expect(at(299.9) == nil)
        #expect(at(300) == .expired)
    }

    @Test("a grant that has ended opens nothing, though the token has not expired")
    func grantEnd() {
        #expect(idRefusal { $0.grant.until = NumericDate(seconds: Sample.seconds - 29) } == nil)
        #expect(idRefusal { $0.grant.until = NumericDate(seconds: Sample.seconds - 30) } == .grantEnded)
        #expect(refusal { try Sample.verifyAccessToken { $0.grant?.until = NumericDate(seconds: Sample.seconds - 30) } } == .grantEnded)
        #expect(idRefusal { $0.grant.until = nil } == nil)
    }

    @Test("an expired token passes as a hint where the rules say so, and a forged one still does not")
    func hint() throws {
        let rules = TokenRules(issuer: Sample.issuer, audience: .any, acceptsExpired: true)
        var claims = Sample.idToken
        claims.registered.expires.seconds = 1
        claims.grant.until = NumericDate(seconds: 1)
        #expect(try Sample.keys.idToken(Sample.key.sign(claims, type: IDToken.type), rules: rules, at: Sample.now) == claims)
        let forged = try Sample.token(header: Sample.header(), signer: .generate())
        #expect(refusal { try Sample.keys.idToken(forged, rules: rules, at: Sample.now) } == .signatureInvalid)
    }

    @Test(
        "a claim that must be there and is not is refused",
        arguments: ["iss", "sub", "aud", "exp", "iat", "acr", "amr", "auth_time", "sid", "grant"])
    func missing(claim: String) {
        #expect(jsonRefusal([claim: NSNull()]) == .claimsMalformed)
    }

    @Test(
        "an access token without what RFC 9068 §2.2 requires is refused",
        arguments: ["iss", "exp", "aud", "sub", "client_id", "iat", "jti", "scope"])
    func missingInAccessToken(claim: String) {
        #expect(jsonRefusal([claim: NSNull()], type: AccessToken.type) == .claimsMalformed)
    }

    @Test("an access token with a part of the login's claims is refused, with none it is a client's own")
    func partOfTheLogin() {
        #expect(jsonRefusal(["sid": NSNull()], type: AccessToken.type) == .claimsMalformed)
        let none = ["acr": NSNull(), "amr": NSNull(), "auth_time": NSNull(), "sid": NSNull(), "grant": NSNull()]
        #expect(jsonRefusal(none, type: AccessToken.type) == nil)
    }

    @Test("claims of a wrong form are refused")
    func forms() {
        #expect(jsonRefusal(["exp": "1900000000"]) == .claimsMalformed)
        #expect(jsonRefusal(["exp": -1]) == .claimsMalformed)
        #expect(jsonRefusal(["exp": 1e300]) == .claimsMalformed)
        #expect(jsonRefusal(["aud": 5]) == .claimsMalformed)
        #expect(jsonRefusal(["aud": ["permits", 5] as [Any]]) == .claimsMalformed)
        #expect(jsonRefusal(["sub": ""]) == .claimsMalformed)
        #expect(jsonRefusal(["sub": String(repeating: "x", count: 256)]) == .claimsMalformed)
        #expect(jsonRefusal(["legal_person": "91440000PDY00001XK"]) == .claimsMalformed)
        #expect(jsonRefusal(["certificate_kind": "root"]) == .claimsMalformed)
        #expect(jsonRefusal(["grant": ["parameters": ["limit": 10]]]) == .claimsMalformed)
        #expect(jsonRefusal(["grant": ["parameters": [:], "until": "2030-01-01T00:00:00Z"] as [String: Any]]) == .claimsMalformed)
        #expect(jsonRefusal(["roles": ["approver"]]) == .claimsMalformed)
    }

    @Test("fractions of a second are cut (RFC 7519 §2)")
    func fractions() throws {
        let token = try Sample.signedJSON(["exp": Double(Sample.seconds) + 0.5])
        #expect(try Sample.keys.idToken(token, rules: Sample.rules, at: Sample.now).registered.expires.seconds == Sample.seconds)
    }

    @Test("a claim given twice is refused, at any depth and in any spelling, though the signature is good")
    func duplicates() throws {
        let payload = String(decoding: try JSONEncoder().encode(Sample.idToken), as: UTF8.self).dropLast()
        for more in [#","sub":"b"}"#, #","\u0073ub":"b"}"#, #","x":{"a":1,"a":2}}"#, #","x":[[{"a":{},"a":{}}]]}"#] {
            let token = try Sample.key.sign(payload: Array((payload + more).utf8), type: IDToken.type)
            #expect(refusal { try Sample.keys.idToken(token, rules: Sample.rules, at: Sample.now) } == .duplicateMember)
        }
        for more in [#","x":{"sub":1},"y":{"sub":1}}"#, #","x":["sub","sub"],"y":"sub","z":"a\",\"sub\":1"}"#] {
            let token = try Sample.key.sign(payload: Array((payload + more).utf8), type: IDToken.type)
            #expect(refusal { try Sample.keys.idToken(token, rules: Sample.rules, at: Sample.now) } == nil, "\(more)")
        }
    }

    @Test("a payload that is not a JSON object is refused", arguments: ["", "null", "[]", "1", "{", "{}x", "{\"iss\":}"])
    func notAnObject(payload: String) throws {
        let token = try Sample.key.sign(payload: Array(payload.utf8), type: IDToken.type)
        let code = refusal { try Sample.keys.idToken(token, rules: Sample.rules, at: Sample.now) }
        #expect(code == .tokenMalformed || code == .claimsMalformed)
    }

    @Test("another login's nonce, or none, is refused")
    func nonce() {
        #expect(refusal { try Sample.idToken.check(nonce: "n-1") } == nil)
        #expect(refusal { try Sample.idToken.check(nonce: "n-2") } == .nonceMismatch)
        var without = Sample.idToken
        without.nonce = nil
        #expect(refusal { try without.check(nonce: "n-1") } == .nonceMismatch)
        #expect(refusal { try without.check(nonce: "") } == .nonceMismatch)
    }

    @Test("a login older than max_age is refused")
    func maxAge() {
        #expect(refusal { try Sample.idToken.check(maxAge: 10, at: Sample.now, clockSkew: 0) } == nil)
        #expect(refusal { try Sample.idToken.check(maxAge: 9, at: Sample.now, clockSkew: 0) } == .authenticationTooOld)
        #expect(refusal { try Sample.idToken.check(maxAge: 0, at: Sample.now + 21, clockSkew: 30) } == .authenticationTooOld)
    }

    @Test("an access token swapped for another is found out by at_hash")
    func accessTokenHash() {
        var claims = Sample.idToken
        claims.accessTokenHash = IDToken.accessTokenHash(of: "one")
        #expect(refusal { try claims.check(accessToken: "one") } == nil)
        #expect(refusal { try claims.check(accessToken: "two") } == .accessTokenHashMismatch)
    }

    /// OpenID Connect Core A.3 prints this pair.
    @Test("at_hash of the standard's own example")
    func accessTokenHashExample() {
        #expect(IDToken.accessTokenHash(of: "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y") == "77QmUPtjPfzWtF2AnpK9RQ")
    }

    @Test("every code is stable text with a source")
    func codes() {
        for code in TokenError.Code.allCases {
            #expect(code.rawValue.allSatisfy { $0.isLowercase || $0 == "_" })
            #expect(!code.source.isEmpty)
        }
    }
}
