import Foundation
import Tokens

// DepartmentProgram KEY_SET_FILE TOKEN_FILE ISSUER AUDIENCE: is this access token good at this window, now?
// Prints who it is about and exits 0; or prints the reason on standard error and exits 1. Needs no network.
let arguments = CommandLine.arguments
guard arguments.count == 5 else {
    FileHandle.standardError.write(Data("usage: DepartmentProgram KEY_SET_FILE TOKEN_FILE ISSUER AUDIENCE\n".utf8))
    exit(64)
}
do {
    let keys = try KeySet(json: Data(contentsOf: URL(filePath: arguments[1])))
    let token = try String(contentsOfFile: arguments[2], encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    let claims = try keys.accessToken(token, rules: TokenRules(issuer: arguments[3], audience: .required(arguments[4])), at: Date())
    let person = claims.holder.legalPerson.map { "\($0.uscc) \($0.name)" } ?? claims.registered.subject
    print("\(person) (\(claims.holder.certificateKind?.rawValue ?? "staff")) until \(claims.registered.expires.date.formatted(.iso8601))")
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
