import Foundation
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// The server's own certificate and key, read again when the files change: the next connection has the new ones.
final class TLSMaterial: Sendable {
    private struct Loaded {
        let base: TLSConfiguration
        let shared: NIOSSLContext
        let stamp: FileStamp
    }
    private let certificatePath: String
    private let keyPath: String
    private let loaded: Mutex<Loaded>

    init(certificatePath: String, keyPath: String) throws {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        loaded = Mutex(try Self.load(certificatePath, keyPath))
    }

    /// For the public origin: one context, so that sessions resume.
    var publicContext: NIOSSLContext { loaded.withLock { $0.shared } }

    /// For the certificate origin: a context of its own for each connection, so that no session is ever resumed (a resumed one skips
    /// the verification callback). Asks for a certificate, naming the authorities' subjects; our own rules judge it later.
    func certificateContext(authorities: [NIOSSLCertificate]) throws -> NIOSSLContext {
        var configuration = loaded.withLock { $0.base }
        configuration.certificateVerification = .optionalVerification
        configuration.trustRoots = .certificates(authorities)
        configuration.sendCANameList = true
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }

    /// Keeps what is in force when the new files do not load.
    func reloadIfChanged(_ logger: Logger) {
        guard FileStamp(of: [certificatePath, keyPath]) != loaded.withLock({ $0.stamp }) else { return }
        do {
            let fresh = try Self.load(certificatePath, keyPath)
            loaded.withLock { $0 = fresh }
            logger.notice("the TLS certificate was read again")
        } catch {
            logger.error("the new TLS certificate does not load; the old one stays", metadata: ["error": "\(error)"])
        }
    }

    private static func load(_ certificatePath: String, _ keyPath: String) throws -> Loaded {
        let stamp = FileStamp(of: [certificatePath, keyPath])
        let chain = try NIOSSLCertificate.fromPEMFile(certificatePath).map { NIOSSLCertificateSource.certificate($0) }
        let key = try NIOSSLPrivateKey(file: keyPath, format: .pem)
        var base = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        base.minimumTLSVersion = .tlsv12
        // Once we have said close_notify nobody reads the peer's: a client that just hangs up would be waited for this long.
        base.shutdownTimeout = .milliseconds(300)
        // Without ed25519 here clients with such keys silently send no certificate; without this list RSA with SHA-1 is offered.
        base.verifySignatureAlgorithms = [
            .ecdsaSecp256R1Sha256, .ecdsaSecp384R1Sha384, .ecdsaSecp521R1Sha512, .ed25519, .rsaPssRsaeSha256, .rsaPssRsaeSha384,
            .rsaPssRsaeSha512, .rsaPkcs1Sha256, .rsaPkcs1Sha384, .rsaPkcs1Sha512,
        ]
        var shared = base
        shared.applicationProtocols = ["h2", "http/1.1"]
        return Loaded(base: base, shared: try NIOSSLContext(configuration: shared), stamp: stamp)
    }
}
