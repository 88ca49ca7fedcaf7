/// Reads comma-separated values (RFC 4180): quoted fields with doubled quotes, commas and line breaks; LF or CRLF; a BOM is passed over.
struct CommaSeparatedValues {
    struct Record: Equatable {
        /// Where it begins, from 1.
        let line: Int
        let fields: [String]
    }
    /// What is wrong at which line.
    struct Fault: Error, Equatable {
        let line: Int
        let why: String
    }

    /// Every record; empty lines are passed over.
    static func records(of text: String) throws(Fault) -> [Record] {
        var reader = Reader(bytes: Array(text.utf8))
        return try reader.all()
    }

    /// Over UTF-8: the characters that matter are ASCII and never part of another character's bytes.
    private struct Reader {
        let bytes: [UInt8]
        var position = 0
        var line = 1

        init(bytes: [UInt8]) {
            self.bytes = bytes
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        }

        mutating func all() throws(Fault) -> [Record] {
            var records = [Record]()
            while position < bytes.count {
                let start = line
                let fields = try record()
                if fields != [""] { records.append(Record(line: start, fields: fields)) }
            }
            return records
        }

        private mutating func record() throws(Fault) -> [String] {
            var fields = [String]()
            while true {
                fields.append(try peek == quote ? quoted() : plain())
                guard let next = peek else { return fields }
                position += 1
                if next == comma { continue }
                if next == carriageReturn, peek == lineFeed { position += 1 }
                line += 1
                return fields
            }
        }

        private mutating func plain() throws(Fault) -> String {
            let start = position
            while let byte = peek, byte != comma, byte != lineFeed, byte != carriageReturn {
                guard byte != quote else { throw Fault(line: line, why: "a quote stands inside a field that does not begin with one") }
                position += 1
            }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }

        private mutating func quoted() throws(Fault) -> String {
            let start = line
            var field = [UInt8]()
            position += 1
            while let byte = peek {
                position += 1
                if byte == lineFeed { line += 1 }
                guard byte == quote else {
                    field.append(byte)
                    continue
                }
                guard peek == quote else {
                    guard peek == nil || peek == comma || peek == lineFeed || peek == carriageReturn else {
                        throw Fault(line: line, why: "something follows a closing quote")
                    }
                    return String(decoding: field, as: UTF8.self)
                }
                position += 1
                field.append(quote)
            }
            throw Fault(line: start, why: "a quote is not closed")
        }

        private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }
        private var quote: UInt8 { 0x22 }
        private var comma: UInt8 { 0x2C }
        private var lineFeed: UInt8 { 0x0A }
        private var carriageReturn: UInt8 { 0x0D }
    }
}
