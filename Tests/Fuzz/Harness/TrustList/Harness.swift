import Foundation
import FuzzTrustList

// The fuzzer of the trust list; libFuzzer brings `main` and its arguments (`scripts/fuzz`).

@_cdecl("LLVMFuzzerInitialize")
public func start(_ count: UnsafeMutableRawPointer?, _ arguments: UnsafeMutableRawPointer?) -> CInt {
    atexit { TrustListEntry.cleanUp() }
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    do {
        try TrustListEntry.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    } catch {
        // libFuzzer writes the input down when the process traps; an optimised trap says nothing by itself.
        FileHandle.standardError.write(Data("finding: \(error)\n".utf8))
        preconditionFailure("a finding")
    }
    return 0
}
