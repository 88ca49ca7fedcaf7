import PKI

/// A chain of three: the warm graph, the leaf's DER, and all of it from nothing, beside one bare signature check.
func pathFigures(_ question: Question) throws {
    let (leaf, now) = (question.leaf, question.now)
    let check = try SignatureCheck(issuer: question.authorities[0])
    let graph = question.graph()
    try measure("bare signature check") { try check.check(leaf) }
    try measure("leaf parsed") { _ = try graph.validate(leaf, at: now) }
    try measure("leaf's DER parsed") { _ = try graph.validate(Certificate(der: leaf.der), at: now) }
    try measure("parse one certificate") { _ = try Certificate(der: leaf.der) }
    let (root, middle) = (question.anchors[0].der, question.authorities[0].der)
    try measure("cold") {
        let list = TrustList(anchors: [try Certificate(der: root)], authorities: [try Certificate(der: middle)])
        _ = try TrustGraph(list, at: now, settings: question.settings).validate(Certificate(der: leaf.der), at: now)
    }
}
