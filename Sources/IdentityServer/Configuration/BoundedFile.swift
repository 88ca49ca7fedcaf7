import Foundation
import Glibc

/// Files that an operator names, read with a bound: what is no plain file could block, and what is too large is somebody else's.
enum BoundedFile {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Follows symbolic links.
    static func read(_ path: String, atMost maximum: Int) throws(Fault) -> [UInt8] {
        var status = stat()
        guard stat(path, &status) == 0 else { throw Fault(description: String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Fault(description: "is no plain file") }
        guard status.st_size <= maximum else { throw Fault(description: "has more than \(maximum) bytes") }
        guard let data = FileManager.default.contents(atPath: path) else { throw Fault(description: "cannot be read") }
        return Array(data)
    }
}
