import Foundation
import PKI

/// A CRL of a million entries as national CAs publish them: random serial numbers of 16 octets, UTCTime, each with a reason.
///
/// Prints one JSON object on one line for each figure; those that are no times have `micros` null. Times of parsing are CPU, ours and
/// openssl's, reading the file included. `folder` takes the list (49 MB).
func revocationFigures(entries: Int = 1_000_000, folder: URL) throws {
    let (bytes, serials) = madeList(entries: entries)
    let file = folder.appendingPathComponent("million.crl")
    try Data(bytes).write(to: file)
    let openssl = try cpu(RUSAGE_CHILDREN.rawValue) { try runOpenSSL("crl", "-inform", "DER", "-in", file.path, "-noout") }
    tell("openssl crl -noout, \(entries) entries", micros: openssl)

    let before = residentBytes()
    let (list, parsing) = try parsed(file)
    tell("parse a CRL, \(entries) entries", micros: parsing)
    list.releaseSource()
    tell("held for each entry of a CRL, bytes", value: Double(residentBytes() - before) / Double(entries))
    tell("parse a CRL: ratio to openssl crl -noout", value: parsing / openssl)

    var (found, position) = (0, 0)
    measure("look up a serial number, listed") {
        position = (position &+ 7_919) % serials.count
        if list.entry(for: serials[position]) != nil { found += 1 }
    }
    precondition(found > 0, "a listed serial number was not found")
    measure("look up a serial number, not listed") {
        position = (position &+ 7_919) % serials.count
        if list.entry(for: [0x01] + serials[position]) != nil { found = -1 }
    }
    precondition(found > 0, "a serial number was found that is not listed")
}

private func parsed(_ file: URL) throws -> (CertificateList, Double) {
    var list: CertificateList?
    let micros = try cpu(RUSAGE_SELF.rawValue) { list = try CertificateList(bytes: Array(try Data(contentsOf: file))) }
    guard let list else { throw CocoaError(.fileReadUnknown) }
    return (list, micros)
}

private func tell(_ name: String, micros: Double) { print("{\"name\": \"\(name)\", \"micros\": \(micros)}") }
private func tell(_ name: String, value: Double) { print("{\"name\": \"\(name)\", \"micros\": null, \"value\": \(value)}") }

/// Microseconds of CPU, user and system, of this process or of the children it waited for.
private func cpu(_ whose: Int32, _ body: () throws -> Void) rethrows -> Double {
    func now() -> Double {
        var usage = rusage()
        getrusage(whose, &usage)
        let (user, system) = (usage.ru_utime, usage.ru_stime)
        return Double(user.tv_sec + system.tv_sec) * 1e6 + Double(user.tv_usec + system.tv_usec)
    }
    let start = now()
    try body()
    return now() - start
}

private func runOpenSSL(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.fileReadCorruptFile) }
}

private func residentBytes() -> Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
}

/// DER, with every tenth serial number. The signature is none: it is not checked here.
private func madeList(entries: Int) -> (der: [UInt8], serials: [[UInt8]]) {
    var generator = SystemRandomNumberGenerator()
    var (revoked, serials) = ([UInt8](), [[UInt8]]())
    revoked.reserveCapacity(entries * 49)
    for index in 0..<entries {
        // The first octet is 0x40 to 0x7F: positive, and always 16 octets.
        var serial = (0..<2).flatMap { _ in withUnsafeBytes(of: generator.next(), Array.init) }
        serial[0] = serial[0] & 0x3F | 0x40
        if index.isMultiple(of: 10) { serials.append(serial) }
        revoked +=
            [0x30, 47, 0x02, 16] + serial + [0x17, 13] + Array("2\(index % 6)0\(index % 9 + 1)1\(index % 10)0\(index % 10)0000Z".utf8)
        revoked += [0x30, 12, 0x30, 10, 0x06, 3, 0x55, 0x1D, 21, 0x04, 3, 0x0A, 1, UInt8(index % 6)]
    }
    let algorithm: [UInt8] = [0x30, 10, 0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2]
    let name = value(0x30, value(0x31, value(0x30, [0x06, 3, 0x55, 4, 3, 0x0C, 5] + Array("bench".utf8))))
    let times = value(0x17, Array("260101000000Z".utf8)) + value(0x17, Array("360101000000Z".utf8))
    let number = value(0xA0, value(0x30, value(0x30, [0x06, 3, 0x55, 0x1D, 20, 0x04, 3, 0x02, 1, 1])))
    let signed = value(0x30, [0x02, 1, 1] + algorithm + name + times + value(0x30, revoked) + number)
    return (value(0x30, signed + algorithm + [0x03, 9, 0] + [0x30, 6, 0x02, 1, 1, 0x02, 1, 1]), serials)
}

private func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    guard content.count >= 0x80 else { return [tag, UInt8(content.count)] + content }
    let octets = withUnsafeBytes(of: UInt64(content.count).bigEndian, Array.init).drop { $0 == 0 }
    return [tag, 0x80 | UInt8(octets.count)] + octets + content
}
