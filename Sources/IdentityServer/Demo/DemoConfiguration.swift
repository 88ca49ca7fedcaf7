import Foundation
import Yams

/// The server's configuration file of the demo, written from the same types that the server reads it with.
struct DemoConfiguration {
    let folder: DemoFolder
    let ports: DemoPorts
    let federation: FederationManifest
    let secrets: DemoSecrets

    static let file = "server/hallpass.yaml"

    /// Writes it and the secrets it points to; returns its path.
    func write() throws -> String {
        try folder.write(secrets.sealingKey, to: "server/sealing.key")
        try folder.write(secrets.directoryReader, to: "server/directory.password")
        let encoder = YAMLEncoder()
        encoder.options.sortKeys = true
        let header = "# Made by `hallpass demo up` at each start: changes here are lost.\n"
        try folder.write(header + (try encoder.encode(content())), to: Self.file)
        return folder.file(Self.file)
    }

    private func content() throws -> ConfigurationFile {
        guard let tls = federation.servers["origins"] else { throw DemoFailure("the federation makes no TLS certificate `origins`") }
        var file = ConfigurationFile(
            public_origin: "https://localhost:\(ports.publicOrigin)", certificate_origin: "https://localhost:\(ports.certificateOrigin)",
            tls: .init(certificate: made(tls.certificate), key: made(tls.key)), database: "hallpass.db",
            trust_list: made(federation.trust), sealing_key: .file("sealing.key"),
            audit: .init(key_file: "audit.key", head_file: "audit.heads"))
        file.directory = directory
        // The demo's administrator has a password only: an explicit relaxation.
        file.administration = .init(administrator_roles: ["administrator"], password_sufficient: true)
        file.windows = .init(allow_loopback_http: true, allow_private_addresses: true, tls_ca: made(federation.tlsCA))
        file.platform_ca = .init(
            certificate: made(federation.platform.certificate), key: made(federation.platform.key),
            revocation_list: made(federation.platform.revocationList))
        // Whoever tries everything at once comes from one address.
        file.throttling = .init(attempts_per_address: 1000)
        return file
    }

    private var directory: ConfigurationFile.DirectoryServer {
        .init(
            url: "ldaps://127.0.0.1:\(ports.ldaps)", base: StaffTree.base, bind_dn: StaffTree.reader,
            password: .file("directory.password"), tls_ca: made(federation.tlsCA), interval: TimeSpan("5s"), roles: StaffTree.roles)
    }

    /// Relative to the configuration's folder.
    private func made(_ path: String) -> String { "../federation/\(path)" }
}
