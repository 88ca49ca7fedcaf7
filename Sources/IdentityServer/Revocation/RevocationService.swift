import Foundation
import PKI
import Synchronization

/// What logins and health ask of revocation: each CA's sources, and which CAs have run out of good statements.
package final class RevocationService: Sendable {
    private struct Named {
        var sources: [AuthorityKey: NamedSources]
        var version = 0
    }
    private let named: Mutex<Named>
    private let stale = Mutex<Set<String>>([])
    let fetcher: any Fetching
    /// Nil: no responder is asked.
    let responders: OCSPDesk?

    package init(
        fetcher: any Fetching = NetworkFetcher(), responders: OCSPDesk? = nil, sources: [AuthorityKey: NamedSources] = [:]
    ) {
        self.fetcher = fetcher
        self.responders = responders
        named = Mutex(Named(sources: sources))
    }

    var sources: [AuthorityKey: NamedSources] { named.withLock { $0.sources } }
    /// Another one whenever the sources were set anew.
    var version: Int { named.withLock { $0.version } }
    func setSources(_ sources: [AuthorityKey: NamedSources]) { named.withLock { $0 = Named(sources: sources, version: $0.version + 1) } }

    /// Names of CAs whose list ran out.
    var staleAuthorities: [String] { stale.withLock { $0.sorted() } }
    func setStaleAuthorities(_ names: Set<String>) { stale.withLock { $0 = names } }
}
