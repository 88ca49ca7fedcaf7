import Foundation
import Testing

@testable import Registry

@Suite("Patterns of the trust list")
struct PatternTests {
    @Test("the group's text counts")
    func picksTheGroup() throws {
        let pattern = try BoundedPattern("^[^@]*@[^@]*@[A-Z]([0-9A-Z]{18})@[0-9]+$")
        #expect(pattern.match("051@恒江公司@N91440000PDY00001XK@1") == "91440000PDY00001XK")
        #expect(pattern.match("051@恒江公司@N91440000PDY00001XK") == nil)
        #expect(pattern.match("") == nil)
    }

    @Test("a pattern without exactly one group, too long or unreadable is refused when it is loaded")
    func refusesPatterns() {
        for text in ["[0-9]{18}", "(a)(b)", "(", "(" + String(repeating: "a", count: 300) + ")"] {
            #expect(throws: (any Error).self) { try BoundedPattern(text) }
            #expect(throws: DecodingError.self) { try JSONDecoder().decode([BoundedPattern].self, from: JSONEncoder().encode([text])) }
        }
    }

    @Test("a pattern that would run for ages on a hostile value ends as no match, at once")
    func endsRunaways() throws {
        let pattern = try BoundedPattern("^((?:a+)+)$")
        let clock = ContinuousClock()
        let took = clock.measure { #expect(pattern.match(String(repeating: "a", count: 40) + "!") == nil) }
        #expect(took < .seconds(2))
        #expect(pattern.match("aaaa") == "aaaa")
    }

    @Test("a value over 256 characters matches nothing")
    func boundsValues() throws {
        #expect(try BoundedPattern("(a+)").match(String(repeating: "a", count: 257)) == nil)
    }
}
