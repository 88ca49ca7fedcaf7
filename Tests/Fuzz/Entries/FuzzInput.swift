import PKI

/// The input of a fuzzer that makes things rather than reads them: taken from the front; when it is used up, zeros.
struct FuzzInput {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// One byte of length, then so many bytes.
    mutating func block() -> [UInt8] {
        let length = Int(byte())
        defer { rest = rest.dropFirst(length) }
        return Array(rest.prefix(length))
    }

    /// The extensions that path validation knows, and one it does not. Up to seven, each: which and whether critical, then the value.
    mutating func extensions() -> [CertificateExtension] {
        var list = [CertificateExtension]()
        for _ in 0..<(byte() & 7) {
            let which = byte()
            let oid = Self.known[Int(which & 0x7F) % Self.known.count]
            let value = block()
            guard !list.contains(where: { $0.oid == oid }) else { continue }
            list.append(CertificateExtension(oid: oid, critical: which & 0x80 != 0, value: value))
        }
        return list
    }

    private static let known = [
        "2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.32", "2.5.29.33", "2.5.29.36", "2.5.29.54", "2.5.29.30", "2.5.29.17", "2.5.29.18",
        "2.5.29.31", "2.5.29.28", "2.5.29.27", "2.5.29.46", "2.5.29.20", "2.5.29.21", "2.5.29.29", "1.3.6.1.5.5.7.1.1", "1.2.3.4",
    ]
}
