extension DecodingError {
    /// What does not fit and where, without the value itself.
    package var explanation: String {
        let (context, what): (Context, String) =
            switch self {
            case .typeMismatch(let type, let context): (context, "is not \(type)")
            case .valueNotFound(let type, let context): (context, "has no value of \(type)")
            case .keyNotFound(let key, let context): (context, "lacks `\(key.stringValue)`")
            case .dataCorrupted(let context): (context, context.debugDescription)
            @unknown default: (Context(codingPath: [], debugDescription: ""), "does not fit")
            }
        let place = context.codingPath.map(\.stringValue).joined(separator: ".")
        return "\(place.isEmpty ? "the document" : place) \(what)"
    }
}
