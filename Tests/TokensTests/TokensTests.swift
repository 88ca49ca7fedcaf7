import Testing
@testable import Tokens

@Suite("Tokens")
struct TokensTests {}
