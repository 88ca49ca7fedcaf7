/// One question to one address that was given by others: by the trust list, or by a window.
package struct FetchRequest: Sendable {
    package var address: SourceAddress
    /// May its host have a private or loopback address?
    package var allowsPrivate: Bool
    /// What the last answer said of itself, for a conditional request (RFC 9110 §13.1).
    package var validators: Validators
    /// Sent by POST, with its media type; nil: GET.
    package var body: (bytes: [UInt8], type: String)?
    /// A longer answer is cut off and refused.
    package var limit: Int
    /// HTTP statuses that are an answer; any other is a failure.
    package var accepted: Set<UInt> = [200]
    /// From the first step, name resolution, to the last byte.
    package var time: Duration

    package init(
        address: SourceAddress, allowsPrivate: Bool, validators: Validators = .init(), body: (bytes: [UInt8], type: String)? = nil,
        limit: Int, time: Duration
    ) {
        self.address = address
        self.allowsPrivate = allowsPrivate
        self.validators = validators
        self.body = body
        self.limit = limit
        self.time = time
    }

    package struct Validators: Sendable, Equatable {
        package var etag: String?
        package var lastModified: String?
        package init(etag: String? = nil, lastModified: String? = nil) {
            self.etag = etag
            self.lastModified = lastModified
        }
        var isEmpty: Bool { etag == nil && lastModified == nil }
    }
}

package enum Fetched: Sendable, Equatable {
    case bytes([UInt8], FetchRequest.Validators)
    /// The conditional request was answered with 304.
    case unchanged
}

/// Why nothing came; for the log and the audit, without query or path of the address.
package struct FetchFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = String(description.prefix(300)) }
}

/// The network, as it is handed in.
package protocol Fetching: Sendable {
    func fetch(_ request: FetchRequest) async throws(FetchFailure) -> Fetched
}
