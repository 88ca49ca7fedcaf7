extension Schema {
    static let staff = Migration(name: "1-staff", statements: [])
}
