import Foundation
import Synchronization

/// The walk of one trust list, shared by every question. Of all that a question may bring only initial-policy-mapping-inhibit and
/// initial-any-policy-inhibit change the walk itself (RFC 5280 §6.1.1 (e), (g)): at most four, the others made when first asked for.
final class Compiled: Sendable {
    let walk: TrustWalk
    private let list: TrustList?
    private let variants = Mutex<[Inhibitions: Compiled]>([:])

    init(_ list: TrustList, settings: ValidationSettings, now: Date) {
        walk = TrustWalk(list, settings: settings, now: now)
        self.list = list
    }

    /// A walk alone, as it was for one question.
    init(_ walk: TrustWalk) {
        self.walk = walk
        list = nil
    }

    func inhibiting(_ inhibitions: Inhibitions) -> Compiled {
        guard !inhibitions.isSubset(of: walk.settings.inhibitions), let list else { return self }
        if let made = variants.withLock({ $0[inhibitions] }) { return made }
        var settings = walk.settings
        settings.inhibitions.formUnion(inhibitions)
        let fresh = Compiled(list, settings: settings, now: walk.now)
        variants.withLock { $0[inhibitions] = fresh }
        return fresh
    }
}
