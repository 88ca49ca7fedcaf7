/// How many sources are asked at once. Those that failed last may fill only half of the places and one host only two, so that no number
/// of hanging sources keeps a good one waiting.
struct FetchSlots {
    static let total = 8
    static let failing = 4
    static let perHost = 2

    private var taken: [String: (host: String, isFailing: Bool)] = [:]

    mutating func take(_ address: SourceAddress, isFailing: Bool) -> Bool {
        guard taken[address.description] == nil, taken.count < Self.total,
            !isFailing || taken.values.count(where: \.isFailing) < Self.failing,
            taken.values.count(where: { $0.host == address.host }) < Self.perHost
        else { return false }
        taken[address.description] = (address.host, isFailing)
        return true
    }

    mutating func release(_ address: SourceAddress) { taken[address.description] = nil }
    func isBusy(_ address: SourceAddress) -> Bool { taken[address.description] != nil }
    var isEmpty: Bool { taken.isEmpty }
}
