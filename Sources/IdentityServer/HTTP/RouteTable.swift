import HTTPTypes
import Hummingbird
import Synchronization

/// The routes that were registered, as (segments, method). Filled once after every controller has added its own.
final class RouteTable: Sendable {
    private struct Route {
        let segments: [String]
        let method: HTTPRequest.Method
    }
    private let routes = Mutex<[Route]>([])

    func fill(from router: Router<WebContext>) {
        let found = router.routes.map { Route(segments: Self.segments($0.path.description), method: $0.method) }
        routes.withLock { $0 = found }
    }

    /// The methods some route has for this path; empty when the path is nobody's.
    func methods(for path: String) -> Set<HTTPRequest.Method> {
        let wanted = Self.segments(path)
        return routes.withLock { routes in
            Set(routes.filter { Self.matches($0.segments, wanted) }.map(\.method))
        }
    }

    private static func segments(_ path: String) -> [String] { path.split(separator: "/").map(String.init) }

    private static func matches(_ pattern: [String], _ path: [String]) -> Bool {
        if let last = pattern.last, last == "**" { return path.count >= pattern.count && zip(pattern.dropLast(), path).allSatisfy(same) }
        return pattern.count == path.count && zip(pattern, path).allSatisfy(same)
    }

    private static func same(_ pattern: String, _ segment: String) -> Bool {
        pattern == segment || pattern == "*" || pattern.hasPrefix("{") || pattern.hasPrefix(":")
    }
}
