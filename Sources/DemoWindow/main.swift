import Foundation

// DemoWindow --config FILE: one department's window, in the foreground until SIGTERM or SIGINT.
let arguments = CommandLine.arguments.dropFirst()
guard arguments.count == 2, arguments.first == "--config", let file = arguments.last else {
    FileHandle.standardError.write(Data("usage: DemoWindow --config FILE\n".utf8))
    exit(64)
}
do {
    try await DemoWindow(WindowConfiguration(file: file)).run()
} catch {
    FileHandle.standardError.write(Data("DemoWindow: \(error)\n".utf8))
    exit(1)
}
