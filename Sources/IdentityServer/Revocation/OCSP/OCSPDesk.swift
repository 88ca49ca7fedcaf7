import Foundation
import PKI
import Registry

/// Answers of OCSP responders: asked once for each leaf, however many wait; kept until they end; asked again ahead for whoever has a
/// session. No responder holds a login longer than `longestWait`, and none that of another CA's people.
package actor OCSPDesk {
    static let longestWait: Duration = .seconds(3)
    /// A response with a delegated responder's chain is some kilobytes.
    static let largestResponse = 64 * 1024
    /// Questions under way to one responder; one more is refused at once.
    static let perResponder = 64
    /// A failure is told again so long without asking.
    static let failureKept: TimeInterval = 5
    static let maximumKept = 50_000

    /// Whom to ask about whom.
    package struct Question: Sendable {
        let leaf: Certificate
        let named: NamedSources
        let responder: SourceAddress

        /// Nil for a CA without a responder.
        init?(_ leaf: Certificate, _ named: NamedSources) {
            guard let responder = named.sources.ocsp else { return nil }
            (self.leaf, self.named, self.responder) = (leaf, named, responder)
        }
    }

    private struct Kept {
        let answer: ResponderAnswer
        let due: Date
    }
    /// Since the last answer.
    private struct Failure {
        let refusal: Refusal
        /// Told again until then without asking.
        let until: Date
        /// Asked again ahead no sooner: twice as long after each.
        let due: Date
        let count: Int
    }
    private let fetcher: any Fetching
    private let language: any ResponderLanguage
    private let now: CurrentTime
    private let random: RandomSource
    private let jitter: @Sendable () -> Double
    private var kept: [Fingerprint: Kept] = [:]
    private var failed: [Fingerprint: Failure] = [:]
    private var asking: [Fingerprint: Task<Result<ResponderAnswer, Refusal>, Never>] = [:]
    private var busy: [String: Int] = [:]

    package init(
        fetcher: any Fetching, language: any ResponderLanguage, now: @escaping CurrentTime,
        random: @escaping RandomSource = SecureRandom.system, jitter: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.fetcher = fetcher
        self.language = language
        self.now = now
        self.random = random
        self.jitter = jitter
    }

    /// The last answer about this certificate, ended or not; nil when there is none.
    package func last(about leaf: Fingerprint) -> ResponderAnswer? { kept[leaf]?.answer }

    /// An answer that has not ended.
    package func current(about leaf: Fingerprint) -> ResponderAnswer? { last(about: leaf).flatMap { $0.end >= now() ? $0 : nil } }

    /// Takes up an answer that was fetched at `moment` and kept over a restart; one that does not verify any more is left.
    func restore(_ response: [UInt8], fetched moment: Date, _ question: Question) {
        let answer = try? language.answer(
            response, about: question.leaf, issuer: question.named.authority, rules: question.named.rules, nonce: nil, now: moment)
        if let answer, kept[question.leaf.fingerprint] == nil { keep(answer, question) }
    }

    /// Asks the responder, or joins whoever asks already. Throws `revocation_unavailable`.
    package func ask(_ question: Question) async throws(Refusal) -> ResponderAnswer {
        let key = question.leaf.fingerprint
        if let failure = failed[key], failure.until > now() { throw failure.refusal }
        if let task = asking[key] { return try await task.value.get() }
        let responder = question.responder.description
        guard busy[responder, default: 0] < Self.perResponder else {
            throw Refusal(.revocationUnavailable, "too many questions wait for \(question.responder.host)", certificate: key)
        }
        busy[responder, default: 0] += 1
        let task = Task { await self.exchange(question) }
        asking[key] = task
        return try await task.value.get()
    }

    private func exchange(_ question: Question) async -> Result<ResponderAnswer, Refusal> {
        let key = question.leaf.fingerprint
        defer {
            asking[key] = nil
            busy[question.responder.description, default: 1] -= 1
        }
        do throws(Refusal) {
            let answer = try await converse(question)
            keep(answer, question)
            return .success(answer)
        } catch {
            noteFailure(error, question)
            return .failure(error)
        }
    }

    private func converse(_ question: Question) async throws(Refusal) -> ResponderAnswer {
        let (leaf, named) = (question.leaf, question.named)
        // RFC 8954 §2.1: 32 octets are what a responder must take.
        let nonce = random(32)
        let request = FetchRequest(
            address: question.responder, allowsPrivate: named.sources.allowsPrivate,
            body: (try language.question(about: leaf, issuer: named.authority, nonce: nonce), "application/ocsp-request"),
            limit: Self.largestResponse, time: Self.longestWait)
        let fetched: Fetched
        do throws(FetchFailure) {
            fetched = try await fetcher.fetch(request)
        } catch {
            throw Refusal(.revocationUnavailable, "OCSP: \(error)", certificate: leaf.fingerprint)
        }
        guard case .bytes(let response, _) = fetched else {
            throw Refusal(.revocationUnavailable, "OCSP: \(question.responder.host) answers with nothing", certificate: leaf.fingerprint)
        }
        let answer: ResponderAnswer
        do throws(Refusal) {
            answer = try language.answer(
                response, about: leaf, issuer: named.authority, rules: named.rules, nonce: nonce, now: now())
        } catch {
            // Whatever is wrong with a responder's answer is, to the holder of the leaf, no answer.
            throw Refusal(.revocationUnavailable, "OCSP of \(question.responder.host): \(error.why)", certificate: leaf.fingerprint)
        }
        // §4.2.2.1: an older answer never takes a newer one's place.
        guard answer.thisUpdate >= kept[leaf.fingerprint]?.answer.thisUpdate ?? .distantPast else {
            throw Refusal(.revocationUnavailable, "OCSP: an answer older than the one held", certificate: leaf.fingerprint)
        }
        return answer
    }

    private func keep(_ answer: ResponderAnswer, _ question: Question) {
        let due = FetchSchedule.afterSuccess(
            at: now(), nextUpdate: answer.end, refresh: question.named.sources.refresh.timeInterval, jitter: jitter())
        kept[question.leaf.fingerprint] = Kept(answer: answer, due: due)
        failed[question.leaf.fingerprint] = nil
        guard kept.count > Self.maximumKept else { return }
        // A tenth at a time, those that end first.
        for key in kept.sorted(by: { $0.value.answer.end < $1.value.answer.end }).prefix(Self.maximumKept / 10).map(\.key) {
            kept[key] = nil
        }
    }

    private func noteFailure(_ refusal: Refusal, _ question: Question) {
        let (key, moment) = (question.leaf.fingerprint, now())
        if failed.count >= Self.maximumKept { failed = failed.filter { $0.value.due > moment } }
        guard failed.count < Self.maximumKept else { return }
        let count = (failed[key]?.count ?? 0) + 1
        let due = FetchSchedule.afterFailure(
            at: moment, failures: count, refresh: question.named.sources.refresh.timeInterval, jitter: jitter())
        failed[key] = Failure(refusal: refusal, until: moment.addingTimeInterval(Self.failureKept), due: due, count: count)
    }

    /// Should this be asked again ahead of its end (or was it never)?
    func isDue(_ leaf: Fingerprint) -> Bool { !due(among: [leaf]).isEmpty }

    /// Those of these that are due and are not asked about already: those that were never asked first, then those that wait longest.
    func due(among leaves: [Fingerprint]) -> [Fingerprint] {
        let moment = now()
        var due: [(leaf: Fingerprint, since: Date)] = []
        for leaf in leaves where asking[leaf] == nil {
            let since = failed[leaf]?.due ?? kept[leaf]?.due ?? .distantPast
            if since <= moment { due.append((leaf, since)) }
        }
        return due.sorted { $0.since < $1.since }.map(\.leaf)
    }
}
