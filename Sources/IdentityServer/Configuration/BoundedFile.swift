import Foundation

/// Files that an operator names, read with a bound: what is no plain file could block, and what is too large is somebody else's.
enum BoundedFile {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Follows symbolic links.
    static func read(_ path: String, atMost maximum: Int) throws(Fault) -> [UInt8] {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target) else { throw Fault(description: "is not there") }
        guard attributes[.type] as? FileAttributeType == .typeRegular else { throw Fault(description: "is no plain file") }
        guard let size = attributes[.size] as? NSNumber, size.intValue <= maximum else {
            throw Fault(description: "has more than \(maximum) bytes")
        }
        guard let data = FileManager.default.contents(atPath: path) else { throw Fault(description: "cannot be read") }
        return Array(data)
    }
}
