import Foundation
import PKI
import Registry

/// The trust list as a YAML file (`docs/trust-list.md`): anchors, other CA certificates, revocation lists, for each CA its rules, and
/// cross-recognitions. Unknown keys are refused with their line; paths are relative to the file. `LoadedTrustList` is what it means.
package struct TrustListFile: Codable, Sendable {
    package var version: Int
    /// PEM files of trust anchors.
    package var anchors: [String]
    /// PEM files of other CA certificates, cross-certificates included.
    package var authorities: [String]?
    /// CRL files, DER or PEM.
    package var revocationLists: [String]?
    /// The signer id of SM2 signatures that people make when they log in.
    package var userSignerID: String?
    /// How weak keys and digests may be; absent: as strong as `AlgorithmFloor.standard`.
    package var algorithmFloor: Floor?
    package var cas: [CA]?
    package var recognitions: [RecognitionEntry]?

    private enum CodingKeys: String, CodingKey {
        case version, anchors, authorities, cas, recognitions
        case revocationLists = "revocation_lists"
        case userSignerID = "user_signer_id"
        case algorithmFloor = "algorithm_floor"
    }
}

extension TrustListFile {
    /// What is left out is as `AlgorithmFloor.standard` has it.
    package struct Floor: Codable, Sendable {
        package var minimumRSABits: Int?
        package var sha1: Bool?
        package var dsa: Bool?

        private enum CodingKeys: String, CodingKey {
            case sha1, dsa
            case minimumRSABits = "minimum_rsa_bits"
        }
    }

    /// Leaves with a policy of this arc (`1.2.3`, `1.2.3.*`) have this level.
    package struct PolicyLevel: Codable, Sendable {
        package var policy: String
        package var acr: String
    }

    /// What `revocation: soft` allows.
    package struct SoftRevocation: Codable, Sendable {
        /// How long an earlier good statement counts after its end.
        var grace: TimeSpan
        /// The `acr` of a login that rests on it; absent: unchanged.
        package var assurance: String?
    }

    /// One entry of a list of mutual recognition.
    package struct RecognitionEntry: Codable, Sendable {
        /// An attribute of the leaf's subject that says what type of certificate it is.
        package struct TypeRule: Codable, Sendable {
            package var oid: String
            package var equals: String
        }
        /// Exactly one of the two: the date from which the status is this.
        package struct StatusPeriod: Codable, Sendable {
            package var granted: String?
            package var withdrawn: String?
        }

        package var name: String
        /// PEM files with one certificate each.
        package var root: String
        package var ca: String
        package var type: [TypeRule]?
        package var policies: [String]
        package var status: [StatusPeriod]
        package var assurance: String?
        package var assuranceByPolicy: [PolicyLevel]?

        private enum CodingKeys: String, CodingKey {
            case name, root, ca, type, policies, status, assurance
            case assuranceByPolicy = "assurance_by_policy"
        }
    }
}
