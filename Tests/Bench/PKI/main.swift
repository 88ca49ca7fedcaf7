import Foundation

// The parts of `make bench` and `make soak` that need our modules in-process: one JSON object on one line for each figure.

let arguments = Array(CommandLine.arguments.dropFirst())
switch (arguments.first, arguments.count) {
case ("path", 4): try pathFigures(Question(arguments[1...]))
case ("mesh", 4): meshFigures(try Question(arguments[1...]))
case ("mesh-lax", 4): meshFigures(try Question(arguments[1...], isLax: true))
case ("harm", 7): try harmFigures(hostile: Question(arguments[1...3], isLax: true), quiet: Question(arguments[4...]))
case ("steady", 5): try steadyFigures(Question(arguments[1...3]), count: Int(arguments[4]) ?? 1_000_000)
case ("crl", 2): try revocationFigures(folder: URL(fileURLWithPath: arguments[1]))
default:
    print("usage: HallpassBench path|mesh|mesh-lax ANCHORS POOL LEAF | harm HOSTILE… QUIET… | steady ANCHORS POOL LEAF COUNT | crl FOLDER")
    exit(64)
}
