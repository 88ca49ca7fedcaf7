"""An identity provider of a hundred lines, by joserfc and http.server: what test_window_alone.py sends DemoWindow to, and can make misbehave."""
import base64
import hashlib
import json
import secrets
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet


def new_key():
    return ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": "k1"})


class Provider:
    def __init__(self, certificate, key, redirect_uri):
        self.key, self.redirect_uri = new_key(), redirect_uri
        self.codes, self.refresh_tokens, self.calls = {}, set(), []
        self.suspended = self.deny = self.down = False
        self.nonce = self.sender = None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.issuer = f"https://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def handler(self):
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                url = urlsplit(self.path)
                self.reply(*provider.get(url.path, {name: values[0] for name, values in parse_qs(url.query).items()}))

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                self.reply(*provider.post({name: values[0] for name, values in parse_qs(body).items()}, self.headers["authorization"]))

            def reply(self, status, body=None, location=None):
                data = b"" if body is None else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(data)))
                if location:
                    self.send_header("location", location)
                self.end_headers()
                self.wfile.write(data)

        return Handler

    def get(self, path, query):
        self.calls.append((path, query))
        if path == "/.well-known/openid-configuration":
            addresses = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/jwks", "end_session_endpoint": "/end"}
            return 200, {"issuer": self.issuer, "authorization_response_iss_parameter_supported": True,
                         **{name: self.issuer + address for name, address in addresses.items()}}
        if path == "/jwks":
            return 200, KeySet([self.key]).as_dict(private=False)
        if path == "/authorize":
            return 303, None, self.redirect_uri + "?" + urlencode(self.authorize(query))
        if path == "/end":
            return 303, None, query["post_logout_redirect_uri"]
        return 404, {}

    def authorize(self, query):
        assert query["redirect_uri"] == self.redirect_uri and query["code_challenge_method"] == "S256"
        answer = {"state": query["state"], "iss": self.sender or self.issuer}
        if self.deny:
            return answer | {"error": "access_denied"}
        code = secrets.token_urlsafe()
        self.codes[code] = query
        return answer | {"code": code}

    def post(self, form, authorization):
        self.calls.append(("/token", form))
        if self.down:
            return 503, {}
        if authorization != "Basic " + base64.b64encode(b"permits:secret").decode():
            return 401, {"error": "invalid_client"}
        nonce = None
        if form["grant_type"] == "authorization_code":
            query = self.codes.pop(form["code"], {})
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            if query.get("code_challenge") != base64.urlsafe_b64encode(digest).rstrip(b"=").decode():
                return 400, {"error": "invalid_grant"}
            nonce = self.nonce or query["nonce"]
        elif self.suspended or form["refresh_token"] not in self.refresh_tokens:
            return 400, {"error": "invalid_grant"}
        else:
            self.refresh_tokens.discard(form["refresh_token"])
        refresh = secrets.token_urlsafe()
        self.refresh_tokens.add(refresh)
        return 200, {"access_token": self.token("at+jwt"), "token_type": "Bearer", "refresh_token": refresh, "id_token": self.token("JWT", nonce=nonce)}

    def token(self, typ, key=None, nonce=None, **more):
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": "a-1", "aud": "permits", "iat": now, "exp": now + 300, "acr": "urn:example:acr", "amr": ["hwk"],
                  "auth_time": 1_700_000_000, "sid": "s-1", "legal_person": {"uscc": "91440000PDY00001XK", "name": "<b>示例</b>有限公司"},
                  "certificate_kind": "sub", "grant": {"parameters": {"limit": "10"}, "until": now + 86400}}
        if typ == "at+jwt":
            claims |= {"client_id": "permits", "jti": secrets.token_urlsafe(), "scope": "openid"}
        if nonce:
            claims["nonce"] = nonce
        return jwt.encode({"alg": "ES256", "typ": typ, "kid": "k1"}, claims | more, key or self.key)
