import Foundation

/// What changes when files change: modification time, size and inode of each, in order. A file that is gone counts too.
struct FileStamp: Sendable, Equatable {
    private struct Mark: Sendable, Equatable {
        let modified: Date?
        let size: UInt64?
        let inode: UInt64?
    }
    private var marks: [Mark] = []

    init(of paths: [String]) { for path in paths { add(path) } }

    mutating func add(_ path: String) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        marks.append(
            Mark(
                modified: attributes?[.modificationDate] as? Date, size: (attributes?[.size] as? NSNumber)?.uint64Value,
                inode: (attributes?[.systemFileNumber] as? NSNumber)?.uint64Value))
    }
}
