/// Anchors (`&name`) of lists and mappings. Each alias (`*name`) stands for all that is anchored, so nine lines of nine aliases are 9⁹ values,
/// and the YAML parser goes through them all as soon as they are a key. Of a single value an anchor is harmless.
enum YAMLAnchors {
    /// The line of the first anchor before what may be a list or a mapping; nil: there is none. Told from the text alone, before anything is
    /// parsed: what looks like one in a comment or a quoted text is one.
    static func line(in text: String) -> Int? {
        let scalars = Array(text.unicodeScalars)
        guard let found = scalars.indices.first(where: { scalars[$0] == "&" && isAnchor(at: $0, in: scalars) }) else { return nil }
        return 1 + scalars[..<found].count { $0 == "\n" }
    }

    private static func isAnchor(at index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        guard index == 0 || canPrecede(scalars[index - 1]) else { return false }
        let rest = scalars[(index + 1)...]
        let afterName = rest.drop(while: isName)
        guard afterName.count < rest.count else { return false }
        guard let next = afterName.first(where: { $0 != " " && $0 != "\t" }) else { return true }
        return beginsMore(next)
    }

    private static func canPrecede(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar == "\u{FEFF}" || "[{,:".unicodeScalars.contains(scalar)
    }

    private static func isName(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "-" || scalar == "_")
    }

    /// A list or a mapping in brackets, a tag, a comment, or the end of the line, below which either can be.
    private static func beginsMore(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || "[{!#-?".unicodeScalars.contains(scalar)
    }
}
