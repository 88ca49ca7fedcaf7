import Tokens

// The part of `make bench` that signs tokens: one figure on one line, as JSON.

struct Claims: Encodable {
    let iss = "https://localhost:8443", sub = "0123456789abcdef", aud = "window", exp = 1_900_000_000, iat = 1_800_000_000
    let sid = "0123456789abcdef0123456789abcdef", acr = "urn:hallpass:acr:certificate", amr = ["pop", "swk"]
}

let key = SigningKey.generate()
let clock = ContinuousClock()
let elapsed = try clock.measure { for _ in 0..<50_000 { _ = try key.sign(Claims(), type: "JWT") } }
print(
    "{\"name\": \"sign a token (ES256)\", \"micros\": \(Double(elapsed.components.seconds) * 20 + Double(elapsed.components.attoseconds) / 5e16)}"
)
