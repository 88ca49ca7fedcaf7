import Foundation
import Testing

@testable import Directory

@Suite("Passwords and connections")
struct ConnectionTests {
    private let directory: TestDirectory
    private let clerk = "uid=clerk0,\(SampleTree.townDN)"
    init() throws { directory = try TestDirectory.shared.get() }

    private func authenticate(
        dn: String? = nil, password: String = "secret", _ change: (inout DirectorySettings) -> Void = { _ in }
    ) async throws(DirectoryError) {
        try await DirectoryClient(directory.settings(change)).authenticate(dn: dn ?? clerk, password: password)
    }

    @Test("the right password is accepted, over ldaps and over StartTLS")
    func rightPassword() async throws {
        try await authenticate()
        try await authenticate { [port = directory.port] in $0.url = "ldap://127.0.0.1:\(port)" }
    }

    @Test("a wrong password is refused", arguments: ["Secret", "secret ", "secret\0", "*", "x"])
    func wrongPassword(_ password: String) async throws {
        await #expect(throws: DirectoryError.credentialsInvalid) { try await authenticate(password: password) }
    }

    @Test("a name the directory does not know is refused like a wrong password")
    func unknownName() async throws {
        await #expect(throws: DirectoryError.credentialsInvalid) { try await authenticate(dn: "uid=nobody,dc=example") }
    }

    @Test(
        "what is not exactly the DN never logs in",
        arguments: ["uid=*,dc=example", "clerk0", "*", "uid=clerk0,ou=*", "dc=example)(uid=clerk0"])
    func notTheName(_ dn: String) async throws {
        await #expect(throws: DirectoryError.self) { try await authenticate(dn: dn) }
    }

    @Test("a DN is not cut at a NUL")
    func nulInName() async throws {
        await #expect(throws: DirectoryError.credentialsInvalid) { try await authenticate(dn: clerk + "\0,dc=elsewhere") }
    }

    @Test("an empty password or name is refused before anything is sent")
    func emptyPassword() async throws {
        let server = try RecordingServer(reply: nil)
        let elsewhere: (inout DirectorySettings) -> Void = { $0.url = "ldap://127.0.0.1:\(server.port)" }
        await #expect(throws: DirectoryError.credentialsInvalid) { try await authenticate(password: "", elsewhere) }
        await #expect(throws: DirectoryError.credentialsInvalid) { try await authenticate(dn: "", elsewhere) }
        #expect(server.connections == 0)
    }

    @Test("a wrong password of the service account is not a wrong password of the person")
    func serviceAccount() async throws {
        await #expect { _ = try await DirectoryClient(directory.settings { $0.password = "old" }).snapshot() } throws: { $0.isUnavailable }
    }

    @Test("a server whose CA is not the configured one is not talked to")
    func wrongAuthority() async throws {
        let other = try TestCertificates.shared.get().otherAuthorityFile
        for url in ["ldaps://127.0.0.1:\(directory.tlsPort)", "ldap://127.0.0.1:\(directory.port)"] {
            await #expect {
                try await authenticate {
                    $0.tlsAuthorityFile = other
                    $0.url = url
                }
            } throws: {
                $0.isUnavailable
            }
        }
    }

    @Test("a CA file that is not there is an error, not the system's CAs")
    func missingAuthority() async throws {
        await #expect { try await authenticate { $0.tlsAuthorityFile = "/nonexistent.pem" } } throws: { $0.isUnavailable }
    }

    @Test("a certificate for another name is refused")
    func wrongName() async throws {
        await #expect { try await authenticate { [port = directory.tlsPort] in $0.url = "ldaps://localhost:\(port)" } } throws: {
            $0.isUnavailable
        }
    }

    @Test("a server that refuses StartTLS never sees the password")
    func startTLSRefused() async throws {
        // ExtendedResponse (RFC 4511 §4.12): message 1, protocolError.
        let server = try RecordingServer(reply: [0x30, 0x0c, 0x02, 0x01, 0x01, 0x78, 0x07, 0x0a, 0x01, 0x02, 0x04, 0x00, 0x04, 0x00])
        await #expect { try await authenticate { $0.url = "ldap://127.0.0.1:\(server.port)" } } throws: { $0.isUnavailable }
        #expect(server.connections == 1)
        #expect(!String(decoding: server.received, as: UTF8.self).contains("secret"))
    }

    @Test("the server refuses a password in the clear even if we were set to send one")
    func clearPassword() async throws {
        await #expect {
            try await authenticate { [port = directory.port] in
                $0.url = "ldap://127.0.0.1:\(port)"
                $0.requireTLS = false
            }
        } throws: {
            guard case DirectoryError.credentialsInvalid = $0 else { return false }
            return true
        }
    }

    @Test("only one ldap or ldaps URL is accepted", arguments: ["ldapi:///", "http://127.0.0.1", "ldaps://127.0.0.1 ldap://127.0.0.1", ""])
    func urls(_ url: String) async throws {
        await #expect { try await authenticate { $0.url = url } } throws: { $0.isUnavailable }
    }

    @Test("a silent server costs no more than the timeout", arguments: ["ldap", "ldaps"])
    func silence(scheme: String) async throws {
        let server = try RecordingServer(reply: nil)
        let started = ContinuousClock.now
        await #expect {
            try await authenticate {
                $0.url = "\(scheme)://127.0.0.1:\(server.port)"
                $0.timeout = .milliseconds(300)
            }
        } throws: {
            $0.isUnavailable
        }
        // Far more than the timeout: a machine with much else to do takes minutes for what is to take milliseconds.
        #expect(ContinuousClock.now - started < .seconds(300), "without the timeout it would wait for ever")
    }

    @Test("a server that sends a byte at a time costs no more than the timeout", arguments: ["ldap", "ldaps"])
    func dripping(scheme: String) async throws {
        // The beginning of an LDAP message of 16 MB, and of a TLS handshake record of 16 KB.
        let port = try drippingServer(beginning: scheme == "ldap" ? [0x30, 0x83, 0xff, 0xff, 0xff] : [0x16, 0x03, 0x03, 0x40, 0x00])
        let started = ContinuousClock.now
        await #expect {
            try await authenticate {
                $0.url = "\(scheme)://127.0.0.1:\(port)"
                $0.timeout = .milliseconds(300)
            }
        } throws: {
            $0.isUnavailable
        }
        // Far more than the timeout: a machine with much else to do takes minutes for what is to take milliseconds.
        #expect(ContinuousClock.now - started < .seconds(300), "without the timeout it would wait for ever")
    }

    @Test("nothing listening is unavailable")
    func nobodyHome() async throws {
        let port = try freePort()
        await #expect { try await authenticate { $0.url = "ldaps://127.0.0.1:\(port)" } } throws: { $0.isUnavailable }
    }

    @Test("a flood of logins is refused once the queue is full, and what was accepted is finished")
    func queueBound() async throws {
        let threads = WorkerThreads(name: "test", count: 1, waiting: 1)
        let busy = DispatchSemaphore(value: 0)
        let gate = DispatchSemaphore(value: 0)
        async let first: Int = threads.run { () throws(DirectoryError) in
            busy.signal()
            gate.wait()
            return 1
        }
        await withCheckedContinuation { continuation in
            Thread {
                busy.wait()
                continuation.resume()
            }.start()
        }
        let accepted = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<5 { group.addTask { (try? await threads.run { () throws(DirectoryError) in 2 }) != nil } }
            // Four of five are refused at once; the one that waits is let through after that.
            var accepted = 0
            for _ in 0..<4 { accepted += await group.next() == true ? 1 : 0 }
            gate.signal()
            accepted += await group.next() == true ? 1 : 0
            return accepted
        }
        #expect(accepted == 1)
        #expect(try await first == 1)
    }
}
