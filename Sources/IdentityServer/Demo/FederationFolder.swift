import Foundation
import PKI

/// The folder that a federation is made in. Files appear whole (written aside, then renamed); secrets are readable by their owner alone.
struct FederationFolder: Sendable {
    let url: URL

    init(path: String) throws {
        url = URL(fileURLWithPath: path, isDirectory: true)
        for name in ["cas", "cross", "crls", "people", "tls"] {
            try FileManager.default.createDirectory(
                at: url.appendingPathComponent(name), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
    }

    func bytes(_ name: String) -> [UInt8]? { FileManager.default.contents(atPath: url.appendingPathComponent(name).path).map(Array.init) }
    func text(_ name: String) -> String? { bytes(name).map { String(decoding: $0, as: UTF8.self) } }

    func write(_ text: String, to name: String, secret: Bool = false) throws { try write(Array(text.utf8), to: name, secret: secret) }

    func write(_ bytes: [UInt8], to name: String, secret: Bool = false) throws {
        let path = url.appendingPathComponent(name).path
        let aside = "\(path).new"
        // What an interrupted run left behind may have other permissions.
        unlink(aside)
        let descriptor = open(aside, O_WRONLY | O_CREAT | O_EXCL, secret ? 0o600 : 0o644)
        guard descriptor >= 0 else { throw FederationFailure("\(path) cannot be written: \(String(cString: strerror(errno)))") }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try file.write(contentsOf: bytes)
        try file.close()
        guard rename(aside, path) == 0 else {
            throw FederationFailure("\(path) cannot be put in place: \(String(cString: strerror(errno)))")
        }
    }

    /// The first certificate of a PEM file; nil when there is no such file.
    func certificate(_ name: String) throws -> Certificate? {
        try text(name).map { try Certificate.list(pem: $0)[0] }
    }

    /// The key of this file, made on the first run and kept ever after.
    func key(_ name: String, kind: KeyPair.Kind) throws -> KeyPair {
        if let pem = text(name) {
            let key = try KeyPair(pem: pem)
            guard key.kind == kind else {
                throw FederationFailure("\(name) is a \(key.kind.rawValue) key, the description says \(kind.rawValue)")
            }
            return key
        }
        let key = try KeyPair.generate(kind)
        try write(try key.pem(), to: name, secret: true)
        return key
    }
}
