import HTTPTypes
import Hummingbird
import Tokens

extension Pages {
    /// Why somebody is not in.
    enum Failure {
        /// The provider does not admit this person to this window (RFC 6749 §4.1.2.1).
        case accessDenied
        /// The provider refused otherwise; its error code.
        case refused(String)
        /// The way back does not belong to a login begun in this browser, or came too late or twice.
        case loginLost
        /// A token did not stand up.
        case token(TokenError.Code)
        /// The provider cannot be reached.
        case unavailable
        /// A form sent from another site.
        case foreignForm

        init(_ error: any Error) {
            switch error {
            case let error as TokenError where error.code.isUnavailability: self = .unavailable
            case let error as TokenError: self = .token(error.code)
            case ProviderClient.Failure.refused(let code): self = .refused(code)
            default: self = .unavailable
            }
        }

        /// Shown to people and searched for by those who help them. An error code of the provider's is cut to what RFC 6749 allows in one.
        var code: String {
            switch self {
            case .accessDenied: "access_denied"
            case .refused(let code): String(code.prefix(64).filter { $0.isASCII && ($0.isLetter || $0 == "_") })
            case .loginLost: "login_lost"
            case .token(let code): code.rawValue
            case .unavailable: "temporarily_unavailable"
            case .foreignForm: "foreign_form"
            }
        }

        var status: HTTPResponse.Status {
            switch self {
            case .accessDenied, .foreignForm: .forbidden
            case .refused, .loginLost, .token: .badRequest
            case .unavailable: .serviceUnavailable
            }
        }
    }
}
