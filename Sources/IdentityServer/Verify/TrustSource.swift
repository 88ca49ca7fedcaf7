import Foundation
import PKI

/// What cannot be read, with what to do: one line for standard error.
package struct VerifyInputError: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}

/// What `--trust` names: PEM (every certificate an anchor), a folder of PEM files, or the server's trust list, whose rules then apply.
struct TrustSource {
    let list: TrustList
    /// The trust list says itself for which CAs revocation is asked; PEM files do not.
    let hasRules: Bool

    static func load(_ path: String) throws -> TrustSource {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { throw VerifyInputError("\(path) does not exist") }
        guard isFolder.boolValue else { return try file(path) }
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        let pem = names.filter { name in [".pem", ".crt", ".cer"].contains { name.lowercased().hasSuffix($0) } }
        guard !pem.isEmpty else { throw VerifyInputError("\(path) holds no .pem, .crt or .cer file") }
        return TrustSource(list: TrustList(anchors: try pem.flatMap { try certificates("\(path)/\($0)") }), hasRules: false)
    }

    private static func file(_ path: String) throws -> TrustSource {
        let bytes = try bytes(path)
        let isYAML = bytes.first != 0x30 && !String(decoding: bytes, as: UTF8.self).contains("-----BEGIN CERTIFICATE-----")
        guard isYAML else { return TrustSource(list: TrustList(anchors: try certificates(path)), hasRules: false) }
        return TrustSource(list: try LoadedTrustList.load(path: path).list, hasRules: true)
    }

    /// Every certificate of a PEM file, or the one of a DER file.
    static func certificates(_ path: String) throws -> [Certificate] {
        let bytes = try bytes(path)
        do throws(Refusal) {
            guard bytes.first == 0x30 else { return try Certificate.list(pem: String(decoding: bytes, as: UTF8.self)) }
            return [try Certificate(der: bytes)]
        } catch {
            throw VerifyInputError("\(path): \(error)")
        }
    }

    static func revocationList(_ path: String) throws -> CertificateList {
        let bytes = try bytes(path)
        do throws(Refusal) {
            return try CertificateList(bytes: bytes)
        } catch {
            throw VerifyInputError("\(path): \(error)")
        }
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else { throw VerifyInputError("\(path) cannot be read") }
        return Array(data)
    }
}
