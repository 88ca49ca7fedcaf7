extension Schema {
    static let windows = Migration(name: "1-windows", statements: [])
}
