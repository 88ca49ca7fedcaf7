"""What the tests know of a running demo: its description, and how a person logs in with curl and openssl."""
import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse

import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("HALLPASS_BINARY", ROOT / ".build" / "debug" / "hallpass"))


class Hall:
    def __init__(self, description, folder, port, process):
        self.description = description
        self.folder = pathlib.Path(folder)
        self.port = port
        self.process = process
        self.issuer = description["issuer"]
        self.certificate_origin = description["certificate_origin"]
        self.tls_ca = str(ROOT / description["tls_ca"])
        self.people = description["people"]
        self.windows = {window["id"]: window for window in description["windows"]}

    def person(self, **wanted):
        for person in self.people:
            if all(person.get(key) == value for key, value in wanted.items()):
                return person
        raise LookupError(wanted)

    def session(self):
        session = requests.Session()
        session.verify = self.tls_ca
        session.trust_env = False  # a CA bundle named in the environment would override ours
        return session

    def discovery(self):
        return self.session().get(f"{self.issuer}/.well-known/openid-configuration").json()

    def hallpass(self, *arguments, check=True):
        return subprocess.run([str(BINARY), *arguments], cwd=ROOT, capture_output=True, text=True, check=check)

    @property
    def config(self):
        return self.description["config"]

    # Logging in. Each returns (session, None) or (session, refusal code).

    def log_in_by_tls(self, person, session=None):
        """curl with the client certificate against the certificate origin, then the hand-off redeemed on the public one."""
        with tempfile.TemporaryDirectory() as folder:
            jar = pathlib.Path(folder, "jar")
            together = pathlib.Path(folder, "chain.pem")
            together.write_text((ROOT / person["certificate"]).read_text() + (ROOT / person["chain"]).read_text())
            result = subprocess.run(
                ["curl", "-sS", "--cacert", self.tls_ca, "--cert", str(together), "--key", str(ROOT / person["key"]),
                 "-H", "Accept: application/json", "-c", str(jar), "-b", str(jar), "-L", "--max-redirs", "5", "-w", "\n%{http_code}",
                 f"{self.certificate_origin}/login/certificate?return_to=/api/v1/session"],
                capture_output=True, text=True, timeout=60)
            body, _, status = result.stdout.rpartition("\n")
            if result.returncode != 0:
                return session, f"curl {result.returncode}: {result.stderr.strip()}"
            answer = json.loads(body)
            if status != "200":
                return session, answer["code"]
            session = session or self.session()
            for line in jar.read_text().splitlines():
                fields = line.removeprefix("#HttpOnly_").split("\t")
                if len(fields) == 7:
                    session.cookies.set(fields[5], fields[6], domain="localhost.local", path=fields[2], secure=True)
            return session, None

    def challenge(self, session):
        answer = session.post(f"{self.issuer}/login/challenges", json={})
        assert answer.status_code == 201, answer.text
        return answer.json()["challenge"]

    def sign(self, person, text, *options):
        """SignedData over the text: by openssl, or for SM2 keys, which TLS cannot carry, by gmssl."""
        if "tls" not in person.get("by", ["tls"]):
            return self.sign_with_sm2(person, text, *options)
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as content:
            content.write(text)
            content.flush()
            return subprocess.run(
                ["openssl", "cms", "-sign", "-binary", "-outform", "DER", "-in", content.name, "-signer", str(ROOT / person["certificate"]),
                 "-inkey", str(ROOT / person["key"]), "-certfile", str(ROOT / person["chain"]), "-md", "sha256", *options],
                capture_output=True, check=True).stdout

    def sign_with_sm2(self, person, text, *options):
        signed = subprocess.run(
            [sys.executable, str(ROOT / "scripts/sm2-sign"), "--key", str(ROOT / person["key"]), "--certificate",
             str(ROOT / person["certificate"]), "--chain", str(ROOT / person["chain"]), *options],
            input=text.encode(), capture_output=True, check=True).stdout
        return base64.b64decode(signed)

    def log_in_by_challenge(self, person, session=None, options=()):
        session = session or self.session()
        text = self.challenge(session)
        cms = self.sign(person, text, *options)
        answer = session.post(
            f"{self.issuer}/login/signatures", headers={"Accept": "application/json"},
            json={"challenge": text, "cms": base64.b64encode(cms).decode(), "return_to": "/"})
        if answer.status_code != 200:
            assert answer.headers["content-type"].startswith("application/problem+json")
            return session, answer.json()["code"]
        return session, None

    def log_in(self, person, way="challenge"):
        return {"tls": self.log_in_by_tls, "challenge": self.log_in_by_challenge}[way](person)

    def log_in_by_password(self, uid, password):
        session = self.session()
        answer = session.post(
            f"{self.issuer}/login/password", headers={"Accept": "application/json"},
            json={"username": uid, "password": password, "return_to": "/"})
        return session, None if answer.status_code == 200 else answer.json()["code"]

    def who(self, session):
        answer = session.get(f"{self.issuer}/api/v1/session", headers={"Accept": "application/json"})
        return answer.json() if answer.status_code == 200 else None

    # Windows.

    def enters(self, session, window):
        """Does this session get into the window, by the window's own protocol?"""
        if window["protocol"] == "oidc":
            return "code" in self.authorize(session, window)
        answer = session.get(window["url"], allow_redirects=True)
        return answer.status_code == 200 and answer.url.startswith(window["url"].rstrip("/"))

    def authorize(self, session, window, verifier="v" * 64, **extra):
        """One authorization request on a live session; the parameters of the answer at the redirect URI."""
        import hashlib
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        parameters = {
            "response_type": "code", "client_id": window["client_id"], "redirect_uri": window["redirect_uris"][0], "scope": "openid",
            "state": "s-1", "nonce": "n-1", "code_challenge": challenge, "code_challenge_method": "S256", **extra}
        answer = session.get(self.discovery()["authorization_endpoint"], params=parameters, allow_redirects=False)
        location = answer.headers.get("location", "")
        if not location.startswith(window["redirect_uris"][0]):
            return {"page": answer.status_code, "location": location}
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query))

    def redeem(self, window, code, verifier="v" * 64):
        return self.session().post(
            self.discovery()["token_endpoint"], auth=(window["client_id"], window["client_secret"]) if window["client_secret"] else None,
            data={"grant_type": "authorization_code", "code": code, "redirect_uri": window["redirect_uris"][0],
                  "code_verifier": verifier, **({} if window["client_secret"] else {"client_id": window["client_id"]})})
