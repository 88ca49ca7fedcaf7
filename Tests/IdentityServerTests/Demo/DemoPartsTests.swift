import Foundation
import Synchronization
import Testing

@testable import IdentityServer

@Suite("The demo's folder, ports and children")
struct DemoPartsTests {
    private func folder() throws -> DemoFolder {
        try DemoFolder(path: "demo", projectRoot: FileManager.default.temporaryDirectory.path + "/hallpass-\(UUID().uuidString)")
    }
    private func remove(_ folder: DemoFolder) { try? FileManager.default.removeItem(atPath: folder.path + "/..") }

    @Test("a folder is held by one demo at a time")
    func lock() throws {
        let folder = try folder()
        defer { remove(folder) }
        let held = try folder.lock()
        #expect { _ = try folder.lock() } throws: { "\($0)".contains("in use by a running demo") }
        try held.close()
        try folder.lock().close()
    }

    @Test("what is written is whole, and its owner's alone")
    func writing() throws {
        let folder = try folder()
        defer { remove(folder) }
        try folder.write("one", to: "secret")
        try folder.write("two", to: "secret")
        #expect(folder.read("secret") == Data("two".utf8))
        for (path, mode) in [(folder.file("secret"), 0o600), (folder.path, 0o700)] {
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == mode)
        }
    }

    @Test("paths are told relative to the project's root, or absolute when outside it")
    func telling() throws {
        let inside = try folder()
        defer { remove(inside) }
        #expect(inside.told("demo.json") == "demo/demo.json")
        let outside = try DemoFolder(path: inside.path, projectRoot: "/nonexistent/project")
        #expect(outside.told("demo.json") == inside.path + "/demo.json")
    }

    @Test("secrets are made once and found again")
    func secrets() throws {
        let folder = try folder()
        defer { remove(folder) }
        let first = try DemoSecrets.load(from: folder)
        #expect(Set(first.staff.values).count == StaffTree.members.count)
        #expect(try DemoSecrets.load(from: folder).staff == first.staff)
    }

    @Test("a port that somebody listens on is named")
    func ports() throws {
        let (descriptor, port) = try listener()
        defer { close(descriptor) }
        #expect { try DemoPorts(first: port - 2).checkFree() } throws: { "\($0)".contains("in use: port") && "\($0)".contains("\(port)") }
    }

    @Test("six ports must fit", arguments: [0, 80, 65531, -1])
    func portRange(_ first: Int) { #expect(throws: DemoFailure.self) { try DemoPorts(first: first) } }

    @Test("how a child ended is told once, with its last words")
    func childEnds() async throws {
        let folder = try folder()
        defer { remove(folder) }
        let (endings, report) = AsyncStream.makeStream(of: String.self)
        let child = try DemoChild(
            name: "child", command: ["/bin/sh", "-c", "echo to out; echo to err >&2; exit 3"], logFile: folder.file("logs/child.log")
        ) { report.yield($0) }
        #expect(await endings.first { _ in true } == "exit status 3")
        #expect(!child.isRunning)
        #expect(child.lastWords == "  to out\n  to err")
        await child.stop()
    }

    @Test("a child that ignores SIGTERM is killed, and so are its own children")
    func stubbornChild() async throws {
        let folder = try folder()
        defer { remove(folder) }
        let (endings, report) = AsyncStream.makeStream(of: String.self)
        let command = "trap '' TERM; sleep 600 & echo $! >\(folder.file("grandchild")); touch \(folder.file("up")); wait; sleep 600"
        let child = try DemoChild(name: "child", command: ["/bin/sh", "-c", command], logFile: folder.file("logs/child.log")) {
            report.yield($0)
        }
        while folder.read("up") == nil { await Task.yield() }
        await child.stop(patience: .milliseconds(50))
        #expect(await endings.first { _ in true } == "signal 9")
        let grandchild = try #require(pid_t(String(decoding: folder.read("grandchild") ?? Data(), as: UTF8.self).dropLast()))
        #expect(isGone(grandchild))
    }

    @Test("a program that is not there is an error, not a child")
    func missingProgram() async throws {
        let folder = try folder()
        defer { remove(folder) }
        let (endings, report) = AsyncStream.makeStream(of: String.self)
        _ = try? DemoChild(name: "child", command: ["/nonexistent/program"], logFile: folder.file("logs/child.log")) { report.yield($0) }
        #expect(await endings.first { _ in true } == "exit status 127")
    }

    private func listener() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, length)
                listen(descriptor, 1)
                getsockname(descriptor, $0, &length)
            }
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// Not there, or dead and waiting to be reaped by init.
    private func isGone(_ pid: pid_t) -> Bool {
        for _ in 0..<1000 {
            guard let status = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return true }
            if String(decoding: status, as: UTF8.self).contains(") Z ") { return true }
            usleep(1000)
        }
        return false
    }
}
