/// Extensions by which a CA bounds what may lie below the CA that it certifies.
extension CertificateExtension {
    /// All names below a base (RFC 5280 §4.2.1.10).
    package enum Subtree: Sendable, Equatable {
        case directory(NameTemplate)
        /// One mailbox, `example.com` (every mailbox on that host) or `.example.com` (on the hosts below it).
        case email(String)
        /// This host name and every one below it.
        case host(String)

        /// GeneralSubtree ::= SEQUENCE { base GeneralName }: minimum and maximum are never written (§4.2.1.10).
        fileprivate func encoded() throws -> [UInt8] {
            switch self {
            case .directory(let name): Encoding.sequence(Encoding.tagged(4, try name.encoded()))
            case .email(let text): Encoding.sequence(Encoding.tagged(1, contents: text.utf8))
            case .host(let text): Encoding.sequence(Encoding.tagged(2, contents: text.utf8))
            }
        }
    }

    /// RFC 5280 §4.2.1.10, critical. Throws for an empty extension and for bases that nothing could be compared with.
    package static func nameConstraints(permitted: [Subtree], excluded: [Subtree]) throws -> CertificateExtension {
        let lists = try [permitted, excluded].enumerated().filter { !$0.element.isEmpty }.map { index, subtrees in
            Encoding.tagged(UInt(index), of: try subtrees.map { try $0.encoded() })
        }
        let value = Encoding.sequence(of: lists)
        do throws(Malformed) {
            let read = try NameConstraints(value[...])
            for subtree in read.permitted + read.excluded {
                if case .unsupported(let form) = subtree { throw Malformed("nameConstraints: a base that is no \(form.rawValue)") }
            }
        } catch {
            throw IssuingFailure.constraint(error.reason)
        }
        return CertificateExtension(oid: "2.5.29.30", critical: true, value: value)
    }

    /// RFC 5280 §4.2.1.5, critical: from a policy of the issuer's domain to one of the subject's. Throws for none, and for anyPolicy.
    package static func policyMappings(_ mappings: [(issuer: String, subject: String)]) throws -> CertificateExtension {
        guard !mappings.isEmpty else { throw IssuingFailure.constraint("policyMappings: empty (§4.2.1.5)") }
        let anyPolicy = ObjectIdentifier.anyPolicy.description
        guard !mappings.contains(where: { $0.issuer == anyPolicy || $0.subject == anyPolicy }) else {
            throw IssuingFailure.constraint("policyMappings: from or to anyPolicy (§4.2.1.5)")
        }
        let pairs = try mappings.map {
            Encoding.sequence(try Encoding.objectIdentifier($0.issuer), try Encoding.objectIdentifier($0.subject))
        }
        return CertificateExtension(oid: "2.5.29.33", critical: true, value: Encoding.sequence(of: pairs))
    }

    /// RFC 5280 §4.2.1.11, critical: after how many more certificates a policy is required, and mappings count no longer. Throws for neither.
    package static func policyConstraints(requireExplicit: UInt8?, inhibitMapping: UInt8?) throws -> CertificateExtension {
        guard requireExplicit != nil || inhibitMapping != nil else {
            throw IssuingFailure.constraint("policyConstraints: empty (§4.2.1.11)")
        }
        let parts = [requireExplicit, inhibitMapping].enumerated().map { index, skipped in
            skipped.map { Encoding.tagged(UInt(index), contents: $0 < 0x80 ? [$0] : [0, $0]) } ?? []
        }
        return CertificateExtension(oid: "2.5.29.36", critical: true, value: Encoding.sequence(of: parts))
    }

    /// RFC 5280 §4.2.1.14, critical: after how many more certificates anyPolicy counts no longer.
    package static func inhibitAnyPolicy(after skipped: UInt8) -> CertificateExtension {
        CertificateExtension(oid: "2.5.29.54", critical: true, value: Encoding.integer(Int(skipped)))
    }
}
