import Foundation

/// What was checked of one certificate of a validated path, for people: one short sentence each.
package struct CheckedCertificate: Sendable {
    package let certificate: Certificate
    package let checks: [String]
}

extension TrustGraph.Examination {
    /// The path again, certificate by certificate, leaf first, with what was checked; empty for a refusal.
    package func report(at now: Date) -> [CheckedCertificate] { (try? verdict.get()).map { graph.report($0, at: now) } ?? [] }
}

extension TrustGraph {
    fileprivate func report(_ path: ValidatedPath, at now: Date) -> [CheckedCertificate] {
        path.certificates.indices.map { index in
            let certificate = path.certificates[index]
            guard index + 1 < path.certificates.count else {
                return CheckedCertificate(certificate: certificate, checks: ["trust anchor", Self.validity(certificate)])
            }
            let issuer = path.certificates[index + 1]
            var checks = [
                "signature \(certificate.signature.algorithm) verified with the key of \(issuer.subject)", Self.validity(certificate),
            ]
            checks.append(contentsOf: Self.usages(certificate, isLeaf: index == 0))
            checks.append(revocation(of: certificate, issuer: issuer, path: path, at: now))
            return CheckedCertificate(certificate: certificate, checks: checks)
        }
    }

    private static func validity(_ certificate: Certificate) -> String {
        "valid from \(certificate.notBefore.rfc3339) to \(certificate.notAfter.rfc3339)"
    }

    private static func usages(_ certificate: Certificate, isLeaf: Bool) -> [String] {
        var lines = [String]()
        if !isLeaf {
            let limit = certificate.extensions.basicConstraints?.pathLength.map { "\($0)" } ?? "without limit"
            lines.append("is a CA, path length \(limit)\(certificate.isSelfIssued ? ", self-issued (not counted)" : "")")
        }
        if let usage = certificate.keyUsage { lines.append("keyUsage \(usage.names.joined(separator: ", "))") }
        if let purposes = certificate.extensions.keyPurposes {
            lines.append("extKeyUsage \(purposes.map(KeyPurposes.name(of:)).joined(separator: ", "))")
        }
        return lines
    }

    private func revocation(of certificate: Certificate, issuer: Certificate, path: ValidatedPath, at now: Date) -> String {
        switch revocationStatus(of: certificate, issuer: issuer, anchor: path.certificates[path.certificates.count - 1], at: now) {
        case nil: "revocation is not asked of this CA"
        case .good(let until, let isStale)?:
            "not revoked by \(isStale ? "an earlier CRL, which counts" : "a CRL that holds") until \(until.rfc3339)"
        case .revoked(let since, _)?: "revoked at \(since.rfc3339)"
        case .unavailable(let why)?: why
        }
    }
}
