import Directory
import Foundation
import Logging
import PKI
import Registry

/// The parts of the demo, each started and waited for until it answers.
struct DemoOpening: Sendable {
    let folder: DemoFolder
    let ports: DemoPorts
    let federation: FederationManifest
    let configuration: ServerConfiguration
    private var windows: DemoWindows { DemoWindows(ports: ports) }

    /// slapd, its tree loaded on the first run.
    func directory(_ cast: DemoCast, secrets: DemoSecrets, script: String) async throws {
        DemoLog.say("directory")
        let tls = try loopback()
        for (made, name) in [(tls.certificate, "tls.pem"), (tls.key, "tls.key"), (federation.tlsCA, "ca.pem")] {
            try folder.write(try text(made), to: "directory/\(name)")
        }
        if folder.read("directory/database/data.mdb") == nil {
            let tree = StaffTreeLDIF(
                passwords: secrets.staff, readerPassword: secrets.directoryReader, managerPassword: secrets.directoryManager,
                random: SecureRandom.system)
            try folder.write(tree.text, to: "directory/tree.ldif")
        }
        // The manager may write, and may bind without TLS: people try the demo with plain ldapmodify on loopback.
        let manager = StaffTreeLDIF.hashed(secrets.directoryManager, salt: SecureRandom.system(16))
        try folder.write("rootdn \"\(StaffTree.manager)\"\nrootpw \(manager)\n", to: "directory/limits.conf")
        try cast.start(
            "slapd", [script, folder.file("directory"), "\(ports.ldap)", "\(ports.ldaps)", StaffTree.base, StaffTree.reader])
        guard var settings = configuration.directory?.settings else { return }
        settings.timeout = .seconds(2)
        let client = DirectoryClient(settings)
        try await answers("slapd") { (try? await client.snapshot()) != nil }
    }

    /// Seeds the database; returns demo.json, which tells what it then holds.
    func registry(secrets: DemoSecrets) async throws -> String {
        DemoLog.say("legal persons, windows, staff and grants")
        var secrets = secrets
        var logger = Logger(label: "demo")
        logger.logLevel = .warning
        let services = try await HallpassServer(configuration: configuration, logger: logger).services
        let seed = DemoSeed(registry: services.registry, graph: services.trust.graph, federation: federation, folder: folder, now: Date())
        try await seed.legalPersons()
        try await seed.windows(windows.all, secrets: &secrets)
        if let directory = configuration.directory { try await seed.staff(DirectoryClient(directory.settings)) }
        try await seed.people()
        return try await DemoReport(
            folder: folder, ports: ports, federation: federation, secrets: secrets, windows: windows,
            entries: DemoEntries(registry: services.registry, seed: seed)
        ).json()
    }

    func server(_ cast: DemoCast, executable: String, configuration: String) async throws {
        DemoLog.say("server")
        try cast.start("server", [executable, "serve", "--config", configuration])
        let probe = try probe()
        try await answers("server") { await probe.status(host: "localhost", port: ports.publicOrigin, path: "/health/ready") == 200 }
        try await answers("server") { await probe.status(host: "localhost", port: ports.certificateOrigin, path: "/") != nil }
    }

    func windows(_ cast: DemoCast, executable: String) async throws {
        DemoLog.say("windows")
        let tls = try loopback()
        let secrets = try DemoSecrets.load(from: folder)
        let file = try windows.businessConfiguration(
            secret: secrets.windows[DemoWindows.business] ?? "", certificate: made(tls.certificate), key: made(tls.key),
            authority: made(federation.tlsCA))
        try folder.write(file, to: "windows/business.json")
        let nginx = DemoNginx(
            windows: windows, folder: folder.file("nginx"), site: folder.file("site"), certificate: made(tls.certificate),
            key: made(tls.key), authority: made(federation.tlsCA))
        try folder.write(nginx.configuration, to: "nginx/nginx.conf")
        try folder.write(DemoNginx.page, to: "site/index.html")
        try cast.start("window", [executable, "--config", folder.file("windows/business.json")])
        try cast.start("nginx", ["/usr/sbin/nginx", "-p", folder.file("nginx"), "-e", "stderr", "-c", folder.file("nginx/nginx.conf")])
        let probe = try probe()
        try await answers("window") { await probe.status(host: "127.0.0.1", port: ports.openWindow, path: "/health") == 200 }
        // A stranger is led to the login: nginx has asked the server.
        try await answers("nginx") { await probe.status(host: "127.0.0.1", port: ports.guardedWindow, path: "/") == 303 }
    }

    /// Asks until the answer is yes; a minute is more than any part needs.
    private func answers(_ part: String, _ question: @Sendable () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await !question() {
            guard ContinuousClock.now < deadline else {
                throw DemoFailure("\(part) does not answer after a minute; see \(folder.file("logs/\(part).log"))")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func probe() throws -> DemoProbe { try DemoProbe(authority: made(federation.tlsCA)) }

    private func loopback() throws -> FederationManifest.Identity {
        guard let tls = federation.servers["loopback"] else { throw DemoFailure("the federation makes no TLS certificate `loopback`") }
        return tls
    }

    private func made(_ name: String) -> String { folder.file("federation/\(name)") }

    private func text(_ name: String) throws -> String {
        guard let data = folder.read("federation/\(name)") else { throw DemoFailure("\(made(name)) is missing") }
        return String(decoding: data, as: UTF8.self)
    }
}
