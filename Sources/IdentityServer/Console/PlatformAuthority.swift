import Foundation
import PKI
import Registry
import ServiceLifecycle
import Synchronization

/// The platform CA inside the server: issues sub-certificates and keeps its revocation list in step with the registry.
package final class PlatformAuthority: Sendable {
    package let authority: IssuingAuthority
    private let revocationListPath: String
    private let interval: Duration
    private let now: CurrentTime
    /// The last CRL number given out, so that numbers only grow (RFC 5280 §5.2.3).
    private let lastNumber = Mutex(0)

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

    /// Writes a fresh full CRL over the registry's revoked certificates; the trust watcher takes it up.
    package func publishRevocationList(from registry: Registry) async throws {
        let revoked = try await registry.revokedIssuedCertificates()
        let date = now()
        let number = lastNumber.withLock { last in
            last = max(last + 1, Int(date.timeIntervalSince1970))
            return last
        }
        let list = try authority.issueRevocationList(
            revoked: revoked, number: number, thisUpdate: date, nextUpdate: date.addingTimeInterval(Double(interval.components.seconds)))
        try Data(list.der).write(to: URL(fileURLWithPath: revocationListPath), options: .atomic)
    }

    /// A list at start and another at half of each interval, until shutdown.
    package func keepRevocationListFresh(from registry: Registry) async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            try await publishRevocationList(from: registry)
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: self.interval / 2) }
        }
    }
}
