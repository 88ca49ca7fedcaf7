import Testing
@testable import PKI

@Suite("PKI")
struct PKITests {}
