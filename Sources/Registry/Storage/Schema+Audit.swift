extension Schema {
    static let audit = Migration(name: "1-audit", statements: [])
}
