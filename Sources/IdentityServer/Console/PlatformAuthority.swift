import Foundation
import PKI
import Registry
import Synchronization

/// The platform CA inside the server: issues sub-certificates and keeps its revocation list in step with the registry.
package final class PlatformAuthority: Sendable {
    package let authority: IssuingAuthority
    private let revocationListPath: String
    private let interval: Duration
    private let now: CurrentTime
    private struct State {
        /// The last CRL number given out, so that numbers only grow (RFC 5280 §5.2.3).
        var lastNumber = 0
        /// When the next list must be written; half a minute after a failure.
        var due = Date.distantPast
    }
    private let state = Mutex(State())

    /// Reads certificate and key; throws when they do not belong together or cannot be read.
    package init(_ configuration: ServerConfiguration.PlatformCA, now: @escaping CurrentTime) throws {
        let certificates = try Certificate.list(pem: String(contentsOfFile: configuration.certificatePath, encoding: .utf8))
        let key = try KeyPair(pem: String(contentsOfFile: configuration.keyPath, encoding: .utf8), password: configuration.keyPassword)
        guard key.publicKeyInfo == certificates[0].publicKeyInfo else {
            throw RuleViolation("wrong_state", "platform_ca: the key is not the certificate's")
        }
        authority = IssuingAuthority(certificate: certificates[0], key: key)
        revocationListPath = configuration.revocationListPath
        interval = configuration.revocationListInterval
        self.now = now
    }

    /// Writes a fresh full CRL over the registry's revoked certificates; the trust watcher takes it up. When it throws, the upkeep tries
    /// again; meanwhile the registry itself refuses what was revoked here.
    package func publishRevocationList(from registry: Registry) async throws {
        let date = now()
        let number = state.withLock { state in
            state.due = date.addingTimeInterval(30)
            state.lastNumber = max(state.lastNumber + 1, Int(date.timeIntervalSince1970))
            return state.lastNumber
        }
        let revoked = try await registry.revokedIssuedCertificates()
        let length = Double(interval.components.seconds)
        let list = try authority.issueRevocationList(
            revoked: revoked, number: number, thisUpdate: date, nextUpdate: date.addingTimeInterval(length))
        try Data(list.der).write(to: URL(fileURLWithPath: revocationListPath), options: .atomic)
        state.withLock { $0.due = date.addingTimeInterval(length / 2) }
    }

    /// Another list at half of each interval, and soon after one could not be written.
    package func publishIfDue(from registry: Registry) async throws {
        guard state.withLock({ $0.due <= now() }) else { return }
        try await publishRevocationList(from: registry)
    }
}
