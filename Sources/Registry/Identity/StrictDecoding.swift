extension Decoder {
    /// A keyed container that refuses keys which nobody reads: a misspelt rule must not silently be no rule.
    func strictContainer<Key: CodingKey & CaseIterable>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        let known = Set(Key.allCases.map(\.stringValue))
        for key in try container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
            let context = DecodingError.Context(codingPath: codingPath + [key], debugDescription: "unknown key \(key.stringValue)")
            throw DecodingError.dataCorrupted(context)
        }
        return try container(keyedBy: type)
    }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
