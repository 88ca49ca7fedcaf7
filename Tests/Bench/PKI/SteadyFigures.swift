import Foundation
import PKI

/// Resident memory over many verifications: parsed anew, validated over a warm graph, every tenth with its CA brought along.
func steadyFigures(_ question: Question, count: Int) throws {
    let graph = question.graph()
    let bare = TrustGraph(TrustList(anchors: question.anchors), at: question.now, settings: question.settings)
    func verify(_ rounds: Int) throws {
        for round in 0..<rounds {
            let leaf = try Certificate(der: question.leaf.der)
            _ =
                round.isMultiple(of: 10)
                ? try bare.validate(leaf, intermediates: question.authorities, at: question.now)
                : try graph.validate(leaf, at: question.now)
        }
    }
    try verify(count / 10)
    let before = residentMemory()
    try verify(count - count / 10)
    figure("resident before, MiB", micros: nil, value: Double(before) / 1_048_576)
    figure("resident after, MiB", micros: nil, value: Double(residentMemory()) / 1_048_576)
    figure("growth over \(count) verifications", micros: nil, value: Double(residentMemory()) / Double(before))
}

func residentMemory() -> Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
}
