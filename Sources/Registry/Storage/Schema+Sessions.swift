extension Schema {
    static let sessions = Migration(name: "1-sessions", statements: [])
}
