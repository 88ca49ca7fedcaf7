import Foundation
import Tokens

/// A login that has been sent to the provider and has not come back.
struct Attempt: Sendable {
    /// The value of the cookie of the browser that began it.
    let browser: String
    let nonce: String
    let proof: String
    let began: Date
}

/// Somebody who is in.
struct Visit: Sendable {
    let idToken: IDToken
    /// As received, for `id_token_hint`.
    let idTokenText: String
    /// Verified; the rights in it are the newest known.
    let rights: AccessToken
    let refreshToken: String?
}

/// Visits and attempts, in memory: a window that starts anew asks everybody to come in again, which costs them no question.
actor Visits {
    private static let capacity = 10_000
    private static let attemptLifetime: TimeInterval = 600
    private static let visitLifetime: TimeInterval = 8 * 3600

    private let now: @Sendable () -> Date
    /// By `state`.
    private var attempts: [String: Attempt] = [:]
    /// By cookie value.
    private var visits: [String: Visit] = [:]
    private var checks: [String: Task<Result<Visit, any Error>, Never>] = [:]

    init(now: @escaping @Sendable () -> Date) { self.now = now }

    /// Notes an attempt and returns its `state`; nil when there are too many under way.
    func begin(_ attempt: Attempt) -> String? {
        if attempts.count >= Self.capacity { attempts = attempts.filter { isOpen($0.value) } }
        guard attempts.count < Self.capacity else { return nil }
        let state = ProofKey.random()
        attempts[state] = attempt
        return state
    }

    /// The attempt of this `state`, once, and only to the browser that began it.
    func finish(state: String, browser: String) -> Attempt? {
        guard let attempt = attempts[state], Secret.equal(attempt.browser, browser) else { return nil }
        attempts[state] = nil
        return isOpen(attempt) ? attempt : nil
    }

    /// Opens a visit under a new cookie value.
    func open(_ visit: Visit) -> String {
        if visits.count >= Self.capacity { visits = visits.filter { isOpen($0.value) } }
        if visits.count >= Self.capacity,
            let oldest = visits.min(by: { $0.value.rights.registered.issuedAt < $1.value.rights.registered.issuedAt })?.key
        {
            visits[oldest] = nil
        }
        let cookie = ProofKey.random()
        visits[cookie] = visit
        return cookie
    }

    func end(_ cookie: String) -> Visit? { visits.removeValue(forKey: cookie) }

    /// The visit, checked with the provider at this very click. However many come at once, one check is under way: a refresh token is
    /// good for one use. A visit that the provider refuses is ended; `check`'s error is thrown.
    func visit(_ cookie: String, check: @escaping @Sendable (Visit) async throws -> Visit) async throws -> Visit? {
        guard let visit = visits[cookie], isOpen(visit) else { return nil }
        if let underWay = checks[cookie] { return try await underWay.value.get() }
        let task = Task { await self.renew(cookie, visit, check) }
        checks[cookie] = task
        return try await task.value.get()
    }

    private func renew(
        _ cookie: String, _ visit: Visit, _ check: @Sendable (Visit) async throws -> Visit
    ) async -> Result<Visit, any Error> {
        defer { checks[cookie] = nil }
        do {
            let renewed = try await check(visit)
            // Logged out meanwhile: stays so.
            if visits[cookie] != nil { visits[cookie] = renewed }
            return .success(renewed)
        } catch {
            if !(error is StillUnknown) { visits[cookie] = nil }
            return .failure(error)
        }
    }

    private func isOpen(_ attempt: Attempt) -> Bool { now().timeIntervalSince(attempt.began) < Self.attemptLifetime }
    private func isOpen(_ visit: Visit) -> Bool {
        now().timeIntervalSince(visit.idToken.registered.issuedAt.date) < Self.visitLifetime
    }
}

/// The provider could not be asked: the visit is neither good nor over.
struct StillUnknown: Error {
    let reason: String
}

enum Secret {
    /// In a time that does not tell where they differ.
    static func equal(_ left: String, _ right: String) -> Bool {
        let left = Array(left.utf8), right = Array(right.utf8)
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
