import Foundation

/// What the demo tells whoever started it: progress on standard error, the ready line alone on standard output. Unbuffered.
enum DemoLog {
    static func say(_ line: String) { FileHandle.standardError.write(Data("demo: \(line)\n".utf8)) }
    static func ready(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }
}
