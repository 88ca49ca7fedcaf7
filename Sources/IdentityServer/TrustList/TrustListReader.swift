import Foundation
import PKI
import Registry

/// Reads what a trust list names, makes of it what the server needs, and collects everything that is wrong with the line at fault.
struct TrustListReader {
    /// Larger than any file of CA certificates.
    static let certificateFileMaximum = 4 * 1024 * 1024
    /// The largest list (`CertificateList`) in PEM.
    static let listFileMaximum = 96 * 1024 * 1024

    let yaml: LocatedYAML<TrustListFile>
    let folder: ConfigurationFolder
    let assuranceOrder: [String]
    let review: DraftReview?
    private(set) var problems: [ConfigurationError] = []
    private(set) var notices: [ConfigurationError] = []
    private var files: [String]
    private var stamp: FileStamp
    private var named: [NamedTrustFile] = []
    var list = TrustList(anchors: [])
    var book = AuthorityBook()
    var sources: [AuthorityKey: NamedSources] = [:]

    /// `stamp`: of the list itself, taken before it was read.
    init(yaml: LocatedYAML<TrustListFile>, stamp: FileStamp, assuranceOrder: [String], review: DraftReview?) {
        self.yaml = yaml
        self.stamp = stamp
        self.assuranceOrder = assuranceOrder
        self.review = review
        folder = ConfigurationFolder(file: yaml.file)
        files = [yaml.file]
        list.assuranceOrder = assuranceOrder
    }

    mutating func read() throws -> LoadedTrustList {
        let file = yaml.value
        guard file.version == 1 else { throw yaml.error(["version"], "`version` \(file.version) is not known; this server reads 1") }
        if file.anchors.isEmpty { refuse(["anchors"], "`anchors` is empty") }
        list.anchors = certificates(file.anchors, under: "anchors", use: .anchor)
        list.authorities = certificates(file.authorities ?? [], under: "authorities", use: .authority)
        for (index, name) in (file.revocationLists ?? []).enumerated() {
            readRevocationList(name, at: ["revocation_lists", .index(index)])
        }
        for (index, entry) in (file.recognitions ?? []).enumerated() { read(entry, at: ["recognitions", .index(index)]) }
        for (index, ca) in (file.cas ?? []).enumerated() { read(ca, at: ["cas", .index(index)]) }
        list.userSignerID = signerID(file.userSignerID, at: ["user_signer_id"])
        list.floor = floor(file.algorithmFloor)
        if let error = ConfigurationError(all: problems) { throw error }
        return LoadedTrustList(
            list: list, book: book, sources: sources, files: files, stamp: stamp, notices: notices, file: file,
            text: yaml.text, named: named)
    }

    mutating func refuse(_ place: [YAMLStep], _ message: String) { problems.append(yaml.error(place, message)) }
    mutating func notice(_ place: [YAMLStep], _ message: String) { notices.append(yaml.error(place, message)) }
}

/// Files.
extension TrustListReader {
    private mutating func certificates(_ names: [String], under key: String, use: NamedTrustFile.Use) -> [Certificate] {
        names.enumerated().flatMap { index, name in certificates(name, at: [.key(key), .index(index)], use: use) }
    }

    private mutating func certificates(_ name: String, at place: [YAMLStep], use: NamedTrustFile.Use) -> [Certificate] {
        guard var mention = mention(name, at: place, use: use, atMost: Self.certificateFileMaximum) else { return [] }
        do {
            mention.certificates = try Certificate.list(pem: String(decoding: mention.bytes, as: UTF8.self))
        } catch {
            refuse(place, "\(name) is no certificate: \(error.why)")
            return []
        }
        for certificate in mention.certificates { examine(certificate, name, at: place, use: use) }
        named.append(mention)
        return mention.certificates
    }

    /// The one certificate of a file that must have exactly one.
    mutating func certificate(_ name: String, at place: [YAMLStep], use: NamedTrustFile.Use) -> Certificate? {
        let all = certificates(name, at: place, use: use)
        if all.count > 1 { refuse(place, "\(name) holds \(all.count) certificates, not one") }
        return all.count == 1 ? all[0] : nil
    }

    private mutating func readRevocationList(_ name: String, at place: [YAMLStep]) {
        guard var mention = mention(name, at: place, use: .revocationList, atMost: Self.listFileMaximum) else { return }
        do {
            let revocationList = try CertificateList(bytes: mention.bytes)
            mention.revocationList = revocationList
            list.revocationLists.append(revocationList)
            named.append(mention)
        } catch {
            refuse(place, "\(name) is no revocation list: \(error.why)")
        }
    }

    private mutating func mention(
        _ name: String, at place: [YAMLStep], use: NamedTrustFile.Use, atMost maximum: Int
    ) -> NamedTrustFile? {
        let path = folder.resolve(name)
        files.append(path)
        stamp.add(path)
        do {
            let bytes = try BoundedFile.read(path, atMost: maximum)
            return NamedTrustFile(use: use, name: name, path: path, line: yaml.root.line(at: place), bytes: bytes)
        } catch {
            refuse(place, "\(name) cannot be read: \(error)")
            return nil
        }
    }

    /// What may not come into force: a CA certificate outside its validity, or one that no path can run over.
    private mutating func examine(_ certificate: Certificate, _ name: String, at place: [YAMLStep], use: NamedTrustFile.Use) {
        guard let review else { return }
        let isKnown = review.known.contains(certificate.fingerprint)
        var faults: [String] = []
        if review.now > certificate.notAfter { faults.append("expired at \(certificate.notAfter.rfc3339)") }
        if review.now < certificate.notBefore { faults.append("is not valid before \(certificate.notBefore.rfc3339)") }
        // RFC 5280 §6.1.4 (k); an anchor of version 1 cannot say it.
        if use == .authority, !certificate.isAuthority { faults.append("is no CA certificate (basicConstraints)") }
        for fault in faults {
            let message = "\(name): the certificate of \(certificate.subject) \(fault)"
            if isKnown { notice(place, message + "; it is in force already") } else { refuse(place, message) }
        }
    }
}
