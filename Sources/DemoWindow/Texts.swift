import Tokens

/// What the pages say, once per language.
struct Texts: Sendable {
    struct Refusal: Sendable {
        let title: String
        let detail: String
        let next: String
    }

    let language: String
    let comma: String
    let welcome: String
    let admitted: String
    let name: String
    let legalPerson: String
    let uscc: String
    let kind: String
    let kinds: [CertificateKindClaim: String]
    let orgUnit: String
    let roles: String
    let level: String
    let means: String
    let parameterPrefix: String
    let until: String
    let noEnd: String
    let again: String
    let logout: String
    let login: String
    let tryAgain: String
    let hall: String
    let goodbye: String
    let goodbyeDetail: String
    let accessDenied: Refusal
    let refused: Refusal
    let loginLost: Refusal
    let token: Refusal
    let unavailable: Refusal
    let foreignForm: Refusal

    func parameter(_ name: String) -> String { parameterPrefix + name }

    func failure(_ failure: Pages.Failure) -> Refusal {
        switch failure {
        case .accessDenied: accessDenied
        case .refused: refused
        case .loginLost: loginLost
        case .token: token
        case .unavailable: unavailable
        case .foreignForm: foreignForm
        }
    }

    static let chinese = Texts(
        language: "zh-Hans", comma: "、", welcome: "您已进入本窗口", admitted: "身份由统一平台核验，本窗口已独立验证令牌。", name: "姓名",
        legalPerson: "法人", uscc: "统一社会信用代码", kind: "证书类型", kinds: [.master: "主证书", .sub: "副证书", .personal: "个人证书"],
        orgUnit: "单位", roles: "角色", level: "认证等级（acr）", means: "认证方式（amr）", parameterPrefix: "授权参数 · ", until: "授权截止",
        noEnd: "未设期限", again: "继续办理", logout: "退出", login: "重新进入", tryAgain: "再试一次", hall: "返回办事大厅",
        goodbye: "您已退出", goodbyeDetail: "本窗口的会话已经结束。",
        accessDenied: Refusal(
            title: "您暂不能进入本窗口", detail: "统一平台没有为您开通本窗口，或授权已到期、已被暂停。",
            next: "请联系本单位主证书持有人为您授权；主证书持有人请联系平台管理员办理准入。"),
        refused: Refusal(title: "登录未完成", detail: "统一平台拒绝了这次登录。", next: "请再试一次；仍不成功时，请把下面的代码告诉技术支持。"),
        loginLost: Refusal(
            title: "这次登录已失效", detail: "返回的地址不属于本浏览器发起的登录，或者已经用过、已经超时。", next: "请重新进入，无需重复验证身份。"),
        token: Refusal(title: "令牌未通过验证", detail: "本窗口验证了平台签发的令牌，没有通过，因此没有让任何人进入。", next: "请再试一次；仍不成功时，请把下面的代码告诉技术支持。"),
        unavailable: Refusal(title: "暂时无法核验身份", detail: "现在联系不上统一平台。为安全起见，本窗口暂不放行。", next: "请稍候再试。"),
        foreignForm: Refusal(title: "请求来自其他网站", detail: "退出只能在本窗口的页面上进行。", next: "请回到本窗口再操作。"))

    static let english = Texts(
        language: "en", comma: ", ", welcome: "You are in",
        admitted: "The platform vouched for you, and this window checked its tokens itself.",
        name: "Name", legalPerson: "Legal person", uscc: "USCC", kind: "Certificate",
        kinds: [.master: "master certificate", .sub: "sub-certificate", .personal: "personal certificate"], orgUnit: "Unit", roles: "Roles",
        level: "Assurance level (acr)", means: "Means (amr)", parameterPrefix: "Grant · ", until: "Granted until", noEnd: "no end set",
        again: "Go on", logout: "Log out", login: "Come in again", tryAgain: "Try again", hall: "Back to the service hall",
        goodbye: "You are out", goodbyeDetail: "Your session at this window has ended.",
        accessDenied: Refusal(
            title: "You may not enter this window",
            detail: "The platform has not opened it to you, or the grant has ended or is suspended.",
            next: "Ask the holder of your organization's master certificate for a grant; master holders ask the platform for admission."),
        refused: Refusal(
            title: "The login was not completed", detail: "The platform refused it.",
            next: "Try again; if it keeps failing, tell support the code below."),
        loginLost: Refusal(
            title: "This login no longer counts",
            detail: "The way back does not belong to a login begun in this browser, or it was used before or came too late.",
            next: "Come in again; you will not be asked who you are."),
        token: Refusal(
            title: "The token did not stand up", detail: "This window checked the platform's token and refused it; nobody was let in.",
            next: "Try again; if it keeps failing, tell support the code below."),
        unavailable: Refusal(
            title: "Identity cannot be checked now", detail: "The platform cannot be reached, so this window lets nobody in.",
            next: "Try again in a moment."),
        foreignForm: Refusal(
            title: "The request came from another site", detail: "Logging out works only from this window's own page.",
            next: "Go back to the window and try there."))
}
