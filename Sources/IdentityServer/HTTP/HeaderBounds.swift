import HTTPTypes
import Hummingbird

/// Refuses requests whose address or headers are larger than any honest one (RFC 6585 §5, RFC 9110 §15.5.15).
struct HeaderBounds: RouterMiddleware {
    static let maximumHeaderBytes = 16 * 1024
    static let maximumTargetBytes = 8 * 1024

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        guard request.uri.string.utf8.count <= Self.maximumTargetBytes else {
            throw Problem(.uriTooLong, "headers_too_large", "the address is over \(Self.maximumTargetBytes) bytes")
        }
        let size = request.headers.reduce(0) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count + 4 }
        guard size <= Self.maximumHeaderBytes else {
            throw Problem(.requestHeaderFieldsTooLarge, "headers_too_large", "the headers are over \(Self.maximumHeaderBytes) bytes")
        }
        return try await next(request, context)
    }
}
