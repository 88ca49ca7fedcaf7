import Foundation
import PKI

/// `hallpass trust graph`: the mesh of CAs as an SVG picture, the path of a leaf in it. Legible at 40 CAs: boxes in rows, names on two lines,
/// refused certificates dashed with their code; the rest is in the tooltips.
package struct MeshDrawing {
    private let mesh: TrustMesh
    private let layout: MeshLayout
    private let way: Way?

    private static let box = (width: 190.0, height: 50.0)
    private static let step = (x: 216.0, y: 140.0)
    private static let margin = 40.0

    /// What is drawn of a leaf: the path told, or the nearest miss.
    private struct Way {
        let leaf: Certificate
        let certificates: Set<Fingerprint>
        let refusal: Refusal?
        let issuer: Int?
    }

    /// `leaf`: with its examination by the same graph.
    package init(_ graph: TrustGraph, at now: Date, leaf: (certificate: Certificate, examination: TrustGraph.Examination)? = nil) {
        let mesh = (leaf?.examination.graph ?? graph).mesh(at: now)
        self.mesh = mesh
        layout = MeshLayout(mesh)
        way = leaf.map { Self.way($0.certificate, $0.examination, mesh) }
    }

    private static func way(_ leaf: Certificate, _ examination: TrustGraph.Examination, _ mesh: TrustMesh) -> Way {
        let path: [Certificate]
        var refusal: Refusal?
        switch examination.verdict {
        case .success(let found): path = found.certificates
        case .failure(let told): (path, refusal) = (examination.candidates.first?.certificates ?? [leaf], told)
        }
        let issuer = path.dropFirst().first.map(AuthorityKey.init(subjectOf:))
        let index = mesh.authorities.firstIndex { issuer == $0.key } ?? mesh.authorities.firstIndex { $0.key.name == leaf.issuer }
        return Way(leaf: leaf, certificates: Set(path.map(\.fingerprint)), refusal: refusal, issuer: index)
    }

    package var svg: String {
        let width = Double(max(layout.columnCount, 3)) * Self.step.x + Self.margin * 2
        let height = Double(layout.rowCount + (way == nil ? 0 : 1)) * Self.step.y + Self.margin * 2
        let body = mesh.links.indices.filter { !isOnWay($0) }.map(line) + mesh.links.indices.filter(isOnWay).map(line) + leafParts
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(number(width)) \(number(height))" width="\(number(width))" \
            height="\(number(height))" role="img" aria-label="trust graph">
            \(Self.style)
            \((body + mesh.authorities.indices.map(node)).joined(separator: "\n"))
            \(Self.legend(height))
            </svg>

            """
    }

    private static let style = """
        <style>
        text { font: 12px "Noto Sans CJK SC", "Noto Sans SC", sans-serif; fill: #1c2733; }
        .ca { fill: #f4f6f8; stroke: #5b6b7b; } .anchor { fill: #e3eefb; stroke: #1f5fa8; stroke-width: 2; }
        .unreached { fill: #fbf1f0; stroke: #b3261e; stroke-dasharray: 4 3; } .leaf { fill: #eaf6ec; stroke: #1d7a33; stroke-width: 2; }
        .leaf.refused { fill: #fbf1f0; stroke: #b3261e; }
        path { fill: none; stroke: #9aa7b4; } path.refused { stroke: #b3261e; stroke-dasharray: 5 4; }
        path.way { stroke: #1d7a33; stroke-width: 3; } path.way.refused { stroke: #b3261e; stroke-width: 3; }
        .code { font-size: 10px; fill: #b3261e; paint-order: stroke; stroke: #fff; stroke-width: 3px; } .small { font-size: 10px; fill: #4a5865; }
        </style>
        <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">
        <path d="M0 0 L8 4 L0 8 z" style="fill:#5b6b7b;stroke:none"/></marker></defs>
        <rect width="100%" height="100%" fill="#fff"/>
        """

    private static func legend(_ height: Double) -> String {
        """
        <text class="small" x="\(number(margin))" y="\(number(height - 12))">blue: trust anchor · grey: reached · red dashed: no path · \
        arrow: signs for · green: the path · hover for details</text>
        """
    }
}

// MARK: CAs

extension MeshDrawing {
    private func corner(_ index: Int) -> (x: Double, y: Double) {
        let place = layout.places[index]
        return (Self.margin + place.column * Self.step.x, Self.margin + Double(place.row) * Self.step.y)
    }

    private func node(_ index: Int) -> String {
        let authority = mesh.authorities[index]
        let style = authority.isReached ? (authority.isAnchor ? "anchor" : "ca") : "unreached"
        return Self.card(authority.key.name, style: style, at: corner(index), tooltip: "key \(authority.key.keyDigest.hex.prefix(16))…")
    }

    private static func card(_ name: DistinguishedName, style: String, at corner: (x: Double, y: Double), tooltip: String) -> String {
        let title = name.commonName ?? name.values("2.5.4.11").last ?? name.values("2.5.4.10").last ?? name.description
        let organization = name.commonName == nil ? "" : name.values("2.5.4.10").last ?? ""
        return """
            <g><title>\(escaped("\(name)\n\(tooltip)"))</title><rect class="\(style)" x="\(number(corner.x))" y="\(number(corner.y))" \
            width="\(number(box.width))" height="\(number(box.height))" rx="8"/>
            <text x="\(number(corner.x + box.width / 2))" y="\(number(corner.y + 21))" text-anchor="middle">\(escaped(shortened(title, 26)))</text>
            <text class="small" x="\(number(corner.x + box.width / 2))" y="\(number(corner.y + 38))" \
            text-anchor="middle">\(escaped(shortened(organization, 32)))</text></g>
            """
    }

    private var leafParts: [String] {
        guard let way else { return [] }
        let x = way.issuer.map { corner($0).x } ?? Self.margin
        let place = (x: x, y: Self.margin + Double(layout.rowCount) * Self.step.y)
        let style = way.refusal == nil ? "way" : "way refused"
        let code = way.refusal.map {
            Self.label($0.code.rawValue, at: (place.x + Self.box.width / 2, place.y + Self.box.height + 16), tooltip: $0.why)
        }
        let line = way.issuer.map { issuer in
            Self.curve(from: Self.bottom(corner(issuer)), to: Self.top(place), style: style, tooltip: "issued by this CA")
        }
        let card = Self.card(
            way.leaf.subject, style: way.refusal == nil ? "leaf" : "leaf refused", at: place, tooltip: way.refusal?.description ?? "valid")
        return [line, card, code].compactMap(\.self)
    }
}

// MARK: Certificates

extension MeshDrawing {
    private func isOnWay(_ index: Int) -> Bool { way?.certificates.contains(mesh.links[index].certificate.fingerprint) ?? false }

    private func line(_ index: Int) -> String {
        let link = mesh.links[index]
        guard let issuer = link.issuer, issuer != link.subject else { return "" }
        let (from, to) = (corner(issuer), corner(link.subject))
        let style = [isOnWay(index) ? "way" : nil, link.refusal == nil ? nil : "refused"].compactMap(\.self).joined(separator: " ")
        let tooltip = "\(link.certificate.subject)\nsha256 \(link.certificate.fingerprint)\n\(link.refusal?.description ?? "usable")"
        let (start, end) = ends(from, to, beside: parallels(before: index))
        let code = link.refusal.map {
            Self.label($0.code.rawValue, at: (start.x * 0.4 + end.x * 0.6, start.y * 0.4 + end.y * 0.6), tooltip: $0.why)
        }
        return Self.curve(from: start, to: end, style: style, tooltip: tooltip) + (code ?? "")
    }

    /// How many certificates between the same two CAs were drawn before: each gets a line of its own.
    private func parallels(before index: Int) -> Double {
        let link = mesh.links[index]
        let count = mesh.links[..<index].count { $0.issuer == link.issuer && $0.subject == link.subject }
        return Double(min(count, 3)) * 22
    }

    /// Downwards on the right half of the boxes, upwards on the left, so that two directions do not cover each other.
    private func ends(_ from: (x: Double, y: Double), _ to: (x: Double, y: Double), beside: Double) -> (
        start: (x: Double, y: Double), end: (x: Double, y: Double)
    ) {
        let shift = 14 + beside
        if from.y < to.y { return (Self.bottom(from, shift: shift), Self.top(to, shift: shift)) }
        if from.y > to.y { return (Self.top(from, shift: -shift), Self.bottom(to, shift: -shift)) }
        let rises = from.x < to.x
        return rises ? (Self.top(from, shift: 40), Self.top(to, shift: -40)) : (Self.bottom(from, shift: -40), Self.bottom(to, shift: 40))
    }

    private static func top(_ corner: (x: Double, y: Double), shift: Double = 0) -> (x: Double, y: Double) {
        (corner.x + box.width / 2 + shift, corner.y)
    }
    private static func bottom(_ corner: (x: Double, y: Double), shift: Double = 0) -> (x: Double, y: Double) {
        (corner.x + box.width / 2 + shift, corner.y + box.height)
    }

    private static func curve(from: (x: Double, y: Double), to: (x: Double, y: Double), style: String, tooltip: String) -> String {
        let isLevel = abs(from.y - to.y) < 1
        let bend = isLevel ? (from.x < to.x ? -46.0 : 46.0) : (to.y - from.y) * 0.5
        let (first, second) = isLevel ? (from.y + bend, to.y + bend) : (from.y + bend, to.y - bend)
        return """
            <path class="\(style)" marker-end="url(#tip)" d="M\(number(from.x)) \(number(from.y)) C\(number(from.x)) \(number(first)) \
            \(number(to.x)) \(number(second)) \(number(to.x)) \(number(to.y))"><title>\(escaped(tooltip))</title></path>
            """
    }

    private static func label(_ text: String, at point: (x: Double, y: Double), tooltip: String) -> String {
        """
        <text class="code" x="\(number(point.x))" y="\(number(point.y))" text-anchor="middle"><title>\(escaped(tooltip))</title>\(escaped(text))</text>
        """
    }
}

private func number(_ value: Double) -> String { String(Int(value.rounded())) }

private func shortened(_ text: String, _ length: Int) -> String {
    // A Chinese character is about two Latin ones wide.
    var width = 0
    let kept = text.prefix { character in
        width += character.utf8.count > 1 ? 2 : 1
        return width <= length
    }
    return kept.count < text.count ? kept + "…" : text
}

/// For text and attributes of XML 1.0; characters that XML does not allow are left out.
private func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case _ where scalar.value < 0x20 && scalar != "\n" && scalar != "\t" || scalar.value == 0xFFFE || scalar.value == 0xFFFF: break
        default: result.unicodeScalars.append(scalar)
        }
    }
}
