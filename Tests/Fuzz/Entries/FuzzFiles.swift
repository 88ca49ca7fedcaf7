import Foundation
import PKI

/// The files that a trust list can name when a fuzzer chose it: without them no list would ever be taken.
package enum FuzzFiles {
    /// When the certificates are valid.
    package static var now: Date { FuzzMesh.now }

    /// `root.pem`; `ca.pem`, which it signed; `list.crl`, of the root.
    package static func made() throws -> [(name: String, bytes: [UInt8])] {
        var input = FuzzInput([])
        let list = try FuzzMesh.shared.get().made(from: &input).list
        guard let root = list.anchors.first, let authority = list.authorities.first, let revocations = list.revocationLists.first else {
            throw Finding("the mesh lacks a certificate or a list")
        }
        return [
            ("root.pem", Array(root.pem.utf8)), ("ca.pem", Array(authority.pem.utf8)), ("list.crl", try revocations.der),
        ]
    }
}
