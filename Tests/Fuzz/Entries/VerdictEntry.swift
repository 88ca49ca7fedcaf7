import Foundation
import PKI

/// The whole verdict. The input chooses the extensions of the CAs, the leaf and the lists; all are signed rightly, as a fuzzer never hits
/// upon a signature. The verdict must not depend on the order of the pool, nor on whether all the CAs or only the relevant ones are compiled.
enum VerdictEntry {
    static func run(_ bytes: [UInt8]) throws {
        var input = FuzzInput(bytes)
        let flags = input.byte()
        guard let mesh = try? FuzzMesh.shared.get().made(from: &input) else { return }
        var settings = ValidationSettings(
            isLax: flags & 1 != 0, unlistedAuthorities: AuthorityRules(revocation: flags & 2 != 0 ? .hard : .off))
        if flags & 4 != 0 { settings.inhibitions.insert(.policyMapping) }
        if flags & 8 != 0 { settings.inhibitions.insert(.anyPolicy) }
        var request = ValidationRequest(purpose: flags & 16 != 0 ? .client : .any)
        request.isPolicyRequired = flags & 32 != 0
        if flags & 64 != 0 { _ = request.accept(policies: ["1.2.3.1"]) }
        let (list, leaf) = (mesh.list, mesh.leaf)
        var reversed = list
        reversed.authorities.reverse()
        reversed.revocationLists.reverse()
        func told(_ list: TrustList) -> String {
            text(TrustGraph(list, at: FuzzMesh.now, settings: settings).examine(leaf, request: request, at: FuzzMesh.now).verdict)
        }
        let verdict = told(list)
        try require(told(reversed) == verdict, "another order, another verdict: \(verdict)")
        try require(told(list.relevant(to: leaf)) == verdict, "one-shot and compiled differ: \(verdict)")
        if flags & 128 != 0 { try examineBrought(mesh, settings: settings, request: request) }
    }

    /// The CAs come along with the leaf: nothing may crash or pass that leads to no anchor.
    private static func examineBrought(_ mesh: FuzzMesh.Made, settings: ValidationSettings, request: ValidationRequest) throws(Finding) {
        let graph = TrustGraph(TrustList(anchors: mesh.list.anchors), at: FuzzMesh.now, settings: settings)
        let examination = graph.examine(mesh.leaf, intermediates: mesh.list.authorities, request: request, at: FuzzMesh.now)
        guard case .success(let path) = examination.verdict else { return }
        try require(path.certificates.last == mesh.list.anchors[0], "a path that does not end in the anchor")
        try require(path.certificates.dropFirst().allSatisfy(\.isAuthority), "a path over a certificate that is no CA")
        try require(path.goodUntil >= FuzzMesh.now, "a path that no longer holds")
    }

    private static func text(_ verdict: Result<ValidatedPath, Refusal>) -> String {
        switch verdict {
        case .success(let path): "\(path.fingerprints) \(path.policies) \(path.goodUntil.timeIntervalSince1970)"
        case .failure(let refusal): refusal.code.rawValue
        }
    }
}
