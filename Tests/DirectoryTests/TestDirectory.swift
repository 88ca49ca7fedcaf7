import Foundation
import Synchronization

@testable import Directory

/// A real slapd with a tree of its own in a temporary folder; it ends with the test process, however that ends.
final class TestDirectory: Sendable {
    static let base = "dc=example"
    static let reader = "cn=reader,dc=example"
    static let readerPassword = "reader's password"

    /// Started once for all tests that do not change or stop it.
    static let shared = Result { try TestDirectory(tree: SampleTree.ldif) }

    let port: UInt16
    let tlsPort: UInt16
    private let folder: URL
    private let process: pid_t

    /// `limits`: further lines of slapd.conf for the database; `access`: access rules before the others.
    init(tree: String, limits: String = "", access: String = "") throws {
        folder = try TestCertificates.shared.get().copy()
        port = try freePort()
        tlsPort = try freePort()
        try tree.write(to: folder.appending(path: "tree.ldif"), atomically: true, encoding: .utf8)
        try access.write(to: folder.appending(path: "access.conf"), atomically: true, encoding: .utf8)
        try limits.write(to: folder.appending(path: "limits.conf"), atomically: true, encoding: .utf8)
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../scripts/run-slapd").standardized.path
        process = try startUntilExit(["/bin/bash", script, folder.path, "\(port)", "\(tlsPort)", Self.base, Self.reader])
        try waitForPort(tlsPort)
    }

    deinit { stop() }

    func stop() { kill(process, SIGKILL) }

    var authorityFile: String { folder.appending(path: "ca.pem").path }

    /// As the service account, over ldaps.
    func settings(_ change: (inout DirectorySettings) -> Void = { _ in }) -> DirectorySettings {
        var settings = DirectorySettings(
            url: "ldaps://127.0.0.1:\(tlsPort)", base: Self.base, bindDN: Self.reader, password: Self.readerPassword)
        settings.tlsAuthorityFile = authorityFile
        change(&settings)
        return settings
    }
}

/// A CA, a certificate for 127.0.0.1 and a second CA that signed nothing, made by the openssl command.
final class TestCertificates: Sendable {
    static let shared = Result { try TestCertificates() }
    private let folder: URL

    private init() throws {
        folder = try temporaryFolder()
        let authority = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
        let leaf = "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=directory"
        try """
        openssl \(authority) -subj /CN=authority -keyout ca.key -out ca.pem
        openssl \(authority) -subj /CN=other -keyout other.key -out other.pem
        openssl \(leaf) -keyout tls.key -out tls.csr
        echo subjectAltName=IP:127.0.0.1 >san
        openssl x509 -req -in tls.csr -CA ca.pem -CAkey ca.key -days 2 -extfile san -out tls.pem
        touch index.txt
        echo 01 >number
        printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=index.txt\\ncrlnumber=number\\ndefault_md=sha256\\ndefault_crl_days=2\\n' >ca.conf
        openssl ca -gencrl -config ca.conf -keyfile ca.key -cert ca.pem -out list.pem
        openssl crl -in list.pem -outform DER -out list.crl
        """.write(to: folder.appending(path: "make.sh"), atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-e", "make.sh"]
        process.currentDirectoryURL = folder
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw TestFailure("openssl could not make certificates") }
    }

    /// A folder with the certificates in it.
    func copy() throws -> URL {
        let copy = try temporaryFolder()
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            try FileManager.default.copyItem(at: file, to: copy.appending(path: file.lastPathComponent))
        }
        return copy
    }

    /// A CRL of the first, in DER.
    var revocationList: [UInt8] { get throws { Array(try Data(contentsOf: folder.appending(path: "list.crl"))) } }
    var otherAuthorityFile: String { folder.appending(path: "other.pem").path }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

private let temporaryFolders = Mutex<[URL]>([])

/// A new folder that is removed when the process exits.
func temporaryFolder() throws -> URL {
    temporaryFolders.withLock { folders in
        guard folders.isEmpty else { return }
        atexit { temporaryFolders.withLock { for folder in $0 { try? FileManager.default.removeItem(at: folder) } } }
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "hallpass-directory-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    temporaryFolders.withLock { $0.append(folder) }
    return folder
}

/// Starts a program that the kernel kills when this process ends (`PR_SET_PDEATHSIG`, which follows the thread that starts it: that
/// thread waits here for the child).
func startUntilExit(_ command: [String]) throws -> pid_t {
    let started = DispatchSemaphore(value: 0)
    nonisolated(unsafe) var child: pid_t = 0  // Written once before the semaphore is signalled, read once after.
    Thread {
        var arguments = (["/usr/bin/setpriv", "--pdeathsig", "KILL", "--"] + command).map { strdup($0) } + [nil]
        posix_spawn(&child, "/usr/bin/setpriv", nil, nil, &arguments, environ)
        started.signal()
        var status: Int32 = 0
        waitpid(child, &status, 0)
    }.start()
    started.wait()
    guard child > 0 else { throw TestFailure("cannot start \(command)") }
    return child
}
