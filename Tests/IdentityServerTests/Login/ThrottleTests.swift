import Foundation
import HTTPTypes
import Testing

@testable import IdentityServer

@Suite("Throttle")
struct ThrottleTests {
    @Test("as many tries as allowed, then a wait, then one more for each interval")
    func leaks() throws {
        let clock = SteppingClock()
        let throttle = Throttle { clock.now }
        for _ in 0..<5 { try throttle.count("a", limit: 5, period: .seconds(50)) }
        #expect(throws: Problem.self) { try throttle.count("a", limit: 5, period: .seconds(50)) }
        try throttle.count("b", limit: 5, period: .seconds(50))
        clock.step(10)
        try throttle.count("a", limit: 5, period: .seconds(50))
        #expect(throws: Problem.self) { try throttle.count("a", limit: 5, period: .seconds(50)) }
    }

    @Test("a success starts afresh")
    func resets() throws {
        let throttle = Throttle { Date(timeIntervalSince1970: 0) }
        for _ in 0..<2 { try throttle.count("a", limit: 2, period: .seconds(10)) }
        throttle.reset("a")
        try throttle.count("a", limit: 2, period: .seconds(10))
    }

    @Test("a refused try tells how long to wait")
    func tells() throws {
        let throttle = Throttle { Date(timeIntervalSince1970: 0) }
        try throttle.count("a", limit: 1, period: .seconds(30))
        let problem = #expect(throws: Problem.self) { try throttle.count("a", limit: 1, period: .seconds(30)) }
        #expect(problem?.headers[.retryAfter] == "30")
    }
}
