import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import PKI

/// A packaged file served under a name that changes with its content, so that browsers may keep it for ever.
struct Asset: Sendable {
    let path: String
    private let body: ByteBuffer
    private let type: String

    init(file: URL, type: String) throws {
        let data = try Data(contentsOf: file)
        let digest = Array(SHA256.hash(data: data).prefix(8)).hex
        let name = file.deletingPathExtension().lastPathComponent
        path = "/assets/\(name).\(digest).\(file.pathExtension)"
        body = ByteBuffer(bytes: data)
        self.type = type
    }

    var response: Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "public, max-age=31536000, immutable"],
            body: .init(byteBuffer: body))
    }
}
