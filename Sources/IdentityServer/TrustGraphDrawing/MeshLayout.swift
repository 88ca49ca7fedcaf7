import PKI

/// Where each CA of a mesh stands: anchors in the first row, everything else as many steps below as its shortest way, rows broken where they
/// get too wide. CAs that no way leads to come last.
struct MeshLayout {
    struct Place {
        var row: Int
        var column: Double
    }

    /// Wider rows do not fit a page.
    static let rowMaximum = 7

    private(set) var places: [Place]
    private(set) var rowCount = 0
    private(set) var columnCount = 0

    init(_ mesh: TrustMesh) {
        places = Array(repeating: Place(row: 0, column: 0), count: mesh.authorities.count)
        for layer in Self.layers(of: mesh) {
            let sorted = order(layer, mesh)
            let rows = (sorted.count + Self.rowMaximum - 1) / Self.rowMaximum
            let width = (sorted.count + rows - 1) / max(rows, 1)
            for (position, index) in sorted.enumerated() {
                places[index] = Place(row: rowCount + position / width, column: Double(position % width))
            }
            columnCount = max(columnCount, width)
            rowCount += rows
        }
        center()
    }

    private static func layers(of mesh: TrustMesh) -> [[Int]] {
        var below: [Int: [Int]] = [:]
        for link in mesh.links {
            if let issuer = link.issuer, issuer != link.subject { below[issuer, default: []].append(link.subject) }
        }
        var seen = Set<Int>()
        var layers = [[Int]]()
        func descend(from start: [Int]) {
            var layer = start.filter { seen.insert($0).inserted }
            while !layer.isEmpty {
                layers.append(layer)
                layer = layer.flatMap { below[$0] ?? [] }.filter { seen.insert($0).inserted }
            }
        }
        descend(from: mesh.authorities.indices.filter { mesh.authorities[$0].isAnchor })
        // Parts without an anchor: from those that nobody signed for, then whatever is left (circles).
        let signed = Set(mesh.links.filter { $0.issuer != nil && $0.issuer != $0.subject }.map(\.subject))
        descend(from: mesh.authorities.indices.filter { !signed.contains($0) })
        descend(from: Array(mesh.authorities.indices))
        return layers
    }

    /// Near those that signed for them, so that few lines cross.
    private func order(_ layer: [Int], _ mesh: TrustMesh) -> [Int] {
        let members = Set(layer)
        var above: [Int: [Double]] = [:]
        for link in mesh.links where members.contains(link.subject) {
            if let issuer = link.issuer, !members.contains(issuer) { above[link.subject, default: []].append(places[issuer].column) }
        }
        func middle(_ index: Int) -> Double { above[index].map { $0.reduce(0, +) / Double($0.count) } ?? 0 }
        return layer.sorted { (middle($0), $0) < (middle($1), $1) }
    }

    private mutating func center() {
        for row in 0..<rowCount {
            let members = places.indices.filter { places[$0].row == row }
            let shift = (Double(columnCount) - Double(members.count)) / 2
            for index in members { places[index].column += shift }
        }
    }
}
