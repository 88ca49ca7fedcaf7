import Foundation
import FuzzEntries

// One fuzzer for every entry of PKI: HALLPASS_FUZZ_ENTRY names it, libFuzzer brings `main` and its arguments (`scripts/fuzz`).

private let entry: FuzzEntry? = {
    let entry = FuzzEntry(rawValue: ProcessInfo.processInfo.environment["HALLPASS_FUZZ_ENTRY"] ?? "")
    if entry == nil { print("HALLPASS_FUZZ_ENTRY is none of \(FuzzEntry.allCases.map(\.rawValue))") }
    return entry
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard let entry else { exit(64) }
    do {
        try entry.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    } catch {
        // libFuzzer writes the input down when the process traps; an optimised trap says nothing by itself.
        FileHandle.standardError.write(Data("finding: \(error)\n".utf8))
        preconditionFailure("a finding")
    }
    return 0
}
