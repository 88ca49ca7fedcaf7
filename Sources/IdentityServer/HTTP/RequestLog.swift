import HTTPTypes
import Hummingbird
import Logging
import Registry

/// One line for each request, without the query: codes and addresses to return to stay out of the log.
struct RequestLog: RouterMiddleware {
    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        let started = ContinuousClock.now
        let response = try await next(request, context)
        let taken = ContinuousClock.now - started
        context.logger.log(
            level: request.uri.path.hasPrefix("/health/") ? .debug : .info, "\(request.method) \(request.uri.path) \(response.status.code)",
            metadata: ["address": "\(context.address)", "micros": "\(Int(taken.timeInterval * 1_000_000))"])
        return response
    }
}
