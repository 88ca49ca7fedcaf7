import Foundation
import Registry

/// Values as the templates show them.
enum ConsoleViews {
    /// The page a window is entered by: its registered service, else the root of the origin it is called back on. Nil for plain http: such
    /// a client listens on somebody's own machine (RFC 8252 §7.3) and has no page to go to.
    static func address(of window: Window) -> String? {
        if let service = window.serviceURLs.first { return service }
        guard let callback = window.redirectURIs.first, let url = URLComponents(string: callback) else { return nil }
        guard url.scheme == "https", let host = url.host else { return nil }
        return "https://\(host)\(url.port.map { ":\($0)" } ?? "")/"
    }

    static func window(_ window: Window) -> [String: any Sendable] {
        let addresses: [String] = address(of: window).map { [$0] } ?? []
        return ["id": window.id, "name": window.name, "url": addresses]
    }

    /// China Standard Time, to the minute: the people who read these pages work in it.
    static func time(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = chinaStandardTime
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
        let two = { (value: Int?) in String(format: "%02d", value ?? 0) }
        return "\(parts.year ?? 0)-\(two(parts.month))-\(two(parts.day)) \(two(parts.hour)):\(two(parts.minute))"
    }

    static func day(_ date: Date) -> String { String(time(date).prefix(10)) }

    private static let chinaStandardTime = TimeZone(secondsFromGMT: 8 * 3600) ?? .gmt

    static func account(_ account: Account, _ language: Language) -> [String: any Sendable] {
        [
            "id": account.id,
            "name": account.name,
            "kind": kind(account.kind, language),
            "legalPerson": account.legalPerson.map { legalPerson($0, language) } ?? [:],
            "hasLegalPerson": account.legalPerson != nil,
            "roles": account.roles.joined(separator: "、"),
            "hasRoles": !account.roles.isEmpty,
            "orgUnit": account.orgUnit ?? "",
        ]
    }

    static func legalPerson(_ person: LegalPerson, _ language: Language) -> [String: any Sendable] {
        [
            "uscc": person.uscc, "name": person.name, "standing": standing(person.standing, language),
            "isActive": person.standing == .active, "isSuspended": person.standing == .suspended,
        ]
    }

    static func certificate(_ certificate: BoundCertificate, grants: [Grant], windowNames: [String: String], _ language: Language)
        -> [String: any Sendable]
    {
        [
            "id": certificate.id,
            "accountID": certificate.accountID,
            "kind": kind(.certificate(certificate.kind), language),
            "isSub": certificate.kind == .sub,
            "subject": certificate.subjectName,
            "issuer": certificate.issuerName,
            "until": day(certificate.notAfter),
            "fingerprint": String(certificate.fingerprint.prefix(16)),
            "standing": standing(certificate.standing, language),
            "isActive": certificate.standing == .active,
            "isSuspended": certificate.standing == .suspended,
            "isRevoked": certificate.standing == .revoked,
            "grants": grants.map { grant($0, windowNames: windowNames) },
            "hasGrants": !grants.isEmpty,
        ]
    }

    static func grant(_ grant: Grant, windowNames: [String: String]) -> [String: any Sendable] {
        [
            "id": grant.id,
            "window": windowNames[grant.windowID] ?? grant.windowID,
            "from": day(grant.from),
            "until": day(grant.until),
            "parameters": grant.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "，"),
        ]
    }

    static func kind(_ kind: Account.Kind, _ language: Language) -> String {
        switch (kind, language) {
        case (.certificate(.master), .chinese): "主证书"
        case (.certificate(.sub), .chinese): "副证书"
        case (.certificate(.personal), .chinese): "个人证书"
        case (.staff, .chinese): "工作人员"
        case (.certificate(.master), .english): "master certificate"
        case (.certificate(.sub), .english): "sub-certificate"
        case (.certificate(.personal), .english): "personal certificate"
        case (.staff, .english): "staff"
        }
    }

    static func standing(_ standing: Standing, _ language: Language) -> String {
        switch (standing, language) {
        case (.active, .chinese): "有效"
        case (.suspended, .chinese): "已停用"
        case (.revoked, .chinese): "已作废"
        case (.active, .english): "active"
        case (.suspended, .english): "suspended"
        case (.revoked, .english): "revoked"
        }
    }
}
