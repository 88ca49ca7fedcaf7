import Foundation
import FuzzEntries
import FuzzTrustList

// One fuzzer for every entry: HALLPASS_FUZZ_ENTRY names it, libFuzzer brings `main` and its arguments (`scripts/fuzz`).

private let run: (@Sendable ([UInt8]) throws -> Void)? = {
    let name = ProcessInfo.processInfo.environment["HALLPASS_FUZZ_ENTRY"] ?? ""
    if name == TrustListEntry.name {
        atexit { TrustListEntry.cleanUp() }
        return { try TrustListEntry.run($0) }
    }
    guard let entry = FuzzEntry(rawValue: name) else {
        print("HALLPASS_FUZZ_ENTRY is none of \(FuzzEntry.allCases.map(\.rawValue) + [TrustListEntry.name])")
        return nil
    }
    return { try entry.run($0) }
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard let run else { exit(64) }
    do {
        try run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    } catch {
        // libFuzzer writes the input down when the process traps.
        preconditionFailure("finding: \(error)")
    }
    return 0
}
