extension Schema {
    static let legalPersons = Migration(name: "1-legalPersons", statements: [])
}
