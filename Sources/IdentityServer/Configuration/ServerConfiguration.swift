import Foundation

/// The server's one YAML file (owner: http). Unknown keys are refused with their line; secrets may be `{file: PATH}` or `{env: NAME}`;
/// relative paths are relative to the file's folder.
package struct ServerConfiguration: Sendable {
    /// e.g. https://localhost:8443, no trailing slash; the OIDC issuer.
    package var publicOrigin: String = ""
    package var certificateOrigin: String = ""
    package var databasePath: String = ""
    package var trustListPath: String = ""
    package init() {}
}
