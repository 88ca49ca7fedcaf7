import Foundation

/// Reads a stream line by line with bounded memory: a line that is too long is skipped to its end and told as such.
package struct LineReader {
    package enum Line: Equatable {
        case complete([UInt8])
        case tooLong
    }

    private let read: (Int) throws -> Data?
    private let limit: Int
    private var buffer: [UInt8] = []
    private var scanned = 0
    private var isSkipping = false
    private var isAtEnd = false

    /// `read` gives up to that many bytes, none at the end.
    package init(limit: Int = 16 * 1024 * 1024, read: @escaping (Int) throws -> Data?) {
        self.limit = limit
        self.read = read
    }

    /// The next line without its line feed; nil at the end. A last line may lack its line feed.
    package mutating func next() throws -> Line? {
        while true {
            if let end = buffer[scanned...].firstIndex(of: 0x0A) {
                let line = Array(buffer[..<end])
                buffer.removeSubrange(...end)
                scanned = 0
                return finish(line)
            }
            if buffer.count > limit {
                isSkipping = true
                buffer.removeAll()
            }
            scanned = buffer.count
            guard !isAtEnd else {
                guard !buffer.isEmpty || isSkipping else { return nil }
                let line = buffer
                buffer = []
                scanned = 0
                return finish(line)
            }
            guard let more = try read(256 * 1024), !more.isEmpty else {
                isAtEnd = true
                continue
            }
            buffer.append(contentsOf: more)
        }
    }

    private mutating func finish(_ line: [UInt8]) -> Line {
        defer { isSkipping = false }
        return isSkipping || line.count > limit ? .tooLong : .complete(line)
    }
}
