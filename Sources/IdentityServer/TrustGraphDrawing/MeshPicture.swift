import Foundation
import PKI

/// `hallpass trust graph`: reads a trust list (or PEM anchors), compiles it, and draws the mesh with a leaf's path in it.
package struct MeshPicture {
    package var trust: String
    /// A PEM or DER file; nil: the mesh alone.
    package var leaf: String?
    /// What would come with the leaf.
    package var intermediates: [String] = []
    /// RFC 3339; nil: now.
    package var at: String?

    package init(trust: String) { self.trust = trust }

    /// The trust list that a server's configuration names.
    package init(configurationPath: String) throws {
        trust = try ServerConfiguration.load(path: configurationPath).trustListPath
    }

    /// The picture, and the leaf's refusal if it is refused.
    package func draw(now: Date = Date()) throws -> (svg: String, refusal: Refusal?) {
        let list = try TrustSource.load(trust).list
        let time = at.flatMap(Timestamp.parse) ?? now.wholeSeconds
        let graph = TrustGraph(list, at: time)
        guard let leaf else { return (MeshDrawing(graph, at: time).svg, nil) }
        let certificate = try TrustSource.certificates(leaf)[0]
        let brought = try intermediates.flatMap(TrustSource.certificates)
        let examination = graph.examine(certificate, intermediates: brought, request: ValidationRequest.login(purpose: .client), at: time)
        var refusal: Refusal?
        if case .failure(let told) = examination.verdict { refusal = told }
        return (MeshDrawing(graph, at: time, leaf: (certificate, examination)).svg, refusal)
    }
}
