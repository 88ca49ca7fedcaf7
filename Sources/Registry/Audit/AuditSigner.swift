import Foundation
import PKI

/// Signs heads of the audit chain with a key outside the database, and keeps them in a file outside it too: whoever writes the database
/// alone can then neither change nor cut the log unseen.
package struct AuditSigner: Sendable {
    private let key: KeyPair
    private let headFile: String

    /// The private key's PEM file (P-256, made with mode 0600 when absent) and the file that signed heads are appended to. A missing key
    /// beside existing heads is an error: a new one would make every old signature worthless.
    package init(keyFile: String, headFile: String) throws {
        if !FileManager.default.fileExists(atPath: keyFile) {
            guard (try? FileManager.default.attributesOfItem(atPath: headFile)[.size] as? Int) ?? 0 == 0 else {
                throw AuditFailure("the audit key \(keyFile) is missing but \(headFile) holds heads signed with it; restore the key")
            }
            try PrivateFile.create(keyFile, contents: try KeyPair.generate(.p256).pem())
        }
        try self.init(existingKeyFile: keyFile, headFile: headFile)
    }

    /// For verification: makes nothing.
    package init(existingKeyFile keyFile: String, headFile: String) throws {
        self.key = try KeyPair(pem: try PrivateFile.read(keyFile))
        guard key.kind == .p256 else { throw AuditFailure("the audit key \(keyFile) is not a P-256 key") }
        self.headFile = headFile
    }

    func head(of record: AuditRecord, after previous: AuditHead?, time: Int64) throws -> AuditHead {
        var head = AuditHead(seq: record.seq, time: time, hash: record.hash, previous: previous?.link ?? AuditRecord.beginning)
        head.signature = try key.sign(head.signed)
        return head
    }

    func isSigned(_ head: AuditHead) -> Bool { key.verifies(head.signature, over: head.signed) }

    /// On disk when this returns. A line that a crash tore is cut off first: its head was never committed.
    func append(_ head: AuditHead) throws {
        let file = try PrivateFile.openForAppending(headFile)
        defer { try? file.close() }
        try file.truncate(atOffset: try Self.tail(of: file).end)
        try file.seekToEnd()
        try file.write(contentsOf: Data(head.line.utf8))
        try file.synchronize()
    }

    /// The head that was appended last; nil when there is none or it cannot be read.
    func lastInFile() throws -> AuditHead? {
        guard FileManager.default.fileExists(atPath: headFile) else { return nil }
        let file = try PrivateFile.openForAppending(headFile)
        defer { try? file.close() }
        return try Self.tail(of: file).lastLine.flatMap { AuditHead(line: Substring($0)) }
    }

    /// The last whole line, and where whole lines end. A line is far shorter than what is read here.
    private static func tail(of file: FileHandle) throws -> (lastLine: String?, end: UInt64) {
        let size = try file.seekToEnd()
        let start = size - min(size, 4096)
        try file.seek(toOffset: start)
        let bytes = [UInt8](try file.readToEnd() ?? Data())
        guard let newline = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return (nil, start) }
        let line = bytes[..<newline].split(separator: UInt8(ascii: "\n")).last
        return (line.map { String(decoding: $0, as: UTF8.self) }, start + UInt64(newline) + 1)
    }

    /// Every line; nil where one cannot be read. A torn last line is left out.
    func headsInFile() throws -> [AuditHead?] {
        guard FileManager.default.fileExists(atPath: headFile) else { return [] }
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: headFile)), as: UTF8.self)
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(AuditHead.init(line:))
    }
}

/// The audit log cannot be signed or read; the text is for the operator.
package struct AuditFailure: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}

/// Files that only their owner reads.
enum PrivateFile {
    /// Fails when the file exists.
    static func create(_ path: String, contents: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw AuditFailure("cannot make \(path): \(String(cString: strerror(errno)))") }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try file.write(contentsOf: Data(contents.utf8))
        try file.synchronize()
        try file.close()
    }

    static func read(_ path: String) throws -> String {
        var status = stat()
        guard stat(path, &status) == 0, let data = FileManager.default.contents(atPath: path) else {
            throw AuditFailure("cannot read \(path): \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & 0o077 == 0 else { throw AuditFailure("\(path) can be read by others; set its mode to 0600") }
        return String(decoding: data, as: UTF8.self)
    }

    static func openForAppending(_ path: String) throws -> FileHandle {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw AuditFailure("cannot write \(path): \(String(cString: strerror(errno)))") }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}
