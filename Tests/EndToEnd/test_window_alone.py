"""DemoWindow against a provider that is not ours, and that lies when told to: what the window does with each lie."""
import concurrent.futures
import json
import pathlib
import signal
import socket
import subprocess
import time

import pytest
import requests
from window_provider import Provider, new_key

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Window:
    def __init__(self, folder):
        self.certificate, key = folder / "certificate.pem", folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=window",
             "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", self.certificate], check=True, capture_output=True)
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
        self.base = f"https://127.0.0.1:{port}"
        self.provider = Provider(self.certificate, key, self.base + "/callback")
        configuration = {
            "listen": {"host": "127.0.0.1", "port": port}, "tls": {"certificate": str(self.certificate), "key": str(key)},
            "issuer": self.provider.issuer, "client_id": "permits", "client_secret": "secret", "redirect_uri": self.base + "/callback",
            "tls_ca": str(self.certificate), "name": "企业开办窗口"}
        (folder / "window.json").write_text(json.dumps(configuration))
        self.process = subprocess.Popen([ROOT / ".build/debug/DemoWindow", "--config", folder / "window.json"])
        self.wait()

    def wait(self):
        for _ in range(200):
            try:
                assert self.browser().get(self.base + "/health").status_code == 200
                return
            except requests.ConnectionError:
                assert self.process.poll() is None, "DemoWindow ended"
                time.sleep(0.05)
        raise TimeoutError("DemoWindow does not answer")

    def browser(self):
        browser = requests.Session()
        browser.trust_env = False  # REQUESTS_CA_BUNDLE would win over `verify`
        browser.verify = self.certificate
        return browser

    def get(self, path="/", browser=None, **more):
        return (browser or self.browser()).get(path if path.startswith("https:") else self.base + path, **more)

    def way_back(self, browser):
        """The callback's address with a fresh code, not followed yet."""
        there = self.get("/login", browser, allow_redirects=False).headers["location"]
        return self.get(there, browser, allow_redirects=False).headers["location"]

    def me(self, token=None, **headers):
        return self.get("/api/me", headers=({"authorization": f"Bearer {token}"} if token else {}) | headers)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    window = Window(tmp_path_factory.mktemp("window"))
    yield window
    window.process.send_signal(signal.SIGTERM)
    assert window.process.wait(10) == 0


@pytest.fixture
def window(running):
    provider = running.provider
    provider.suspended = provider.deny = provider.down = False
    provider.nonce = provider.sender = None
    return running


def test_who_is_in_is_shown_in_chinese_or_english_and_escaped(window):
    browser = window.browser()
    page = window.get("/", browser)
    assert page.url == window.base + "/" and "副证书" in page.text and "91440000PDY00001XK" in page.text
    assert "&lt;b&gt;" in page.text and "<b>" not in page.text
    assert "You are in" in window.get("/", browser, headers={"accept-language": "en-GB,en;q=0.9,zh;q=0.1"}).text
    assert all(cookie.name.startswith("__Host-") and cookie.secure for cookie in browser.cookies)


def test_many_clicks_at_once_never_use_a_refresh_token_twice(window):
    browser = window.browser()
    window.get("/", browser)
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        assert {page.status_code for page in pool.map(lambda _: window.get("/", browser), range(40))} == {200}
    used = [form["refresh_token"] for path, form in window.provider.calls if path == "/token" and "refresh_token" in form]
    assert len(used) == len(set(used))


def test_a_suspended_person_is_out_at_the_next_click(window):
    browser = window.browser()
    assert window.get("/", browser).status_code == 200
    window.provider.suspended = window.provider.deny = True
    page = window.get("/", browser)
    assert page.status_code == 403 and "access_denied" in page.text


def test_while_the_provider_is_down_nobody_is_let_in_and_nobody_is_thrown_out(window):
    browser = window.browser()
    window.get("/", browser)
    window.provider.down = True
    assert window.get("/", browser).status_code == 503
    window.provider.down = False
    page = window.get("/", browser)
    assert page.status_code == 200 and not page.history


def test_logout_ends_both_sessions_and_is_not_taken_from_other_sites(window):
    browser = window.browser()
    window.get("/", browser)
    for headers in ({}, {"origin": "https://evil.example"}, {"origin": window.base, "sec-fetch-site": "cross-site"}):
        assert browser.post(window.base + "/logout", headers=headers).status_code == 403
    assert browser.post(window.base + "/logout", headers={"origin": window.base}).url == window.base + "/goodbye"
    path, query = window.provider.calls[-1]
    assert path == "/end" and query["id_token_hint"].count(".") == 2
    assert window.get("/", browser, allow_redirects=False).headers["location"] == "/login"


def test_the_way_back_works_once_in_the_browser_that_began(window):
    browser = window.browser()
    back = window.way_back(browser)
    assert window.get(back).status_code == 400
    assert window.get(back + "&code=other", browser).status_code == 400
    assert window.get(back, browser).status_code == 200
    assert window.get(back, browser).status_code == 400


def test_a_mixed_up_sender_is_refused_also_when_it_says_nothing(window):
    window.provider.sender = "https://evil.example"
    assert "issuer_mismatch" in window.get("/").text
    window.provider.sender = None
    browser = window.browser()
    parts = window.way_back(browser).split("&")
    assert "issuer_mismatch" in window.get("&".join(part for part in parts if not part.startswith("iss=")), browser).text


def test_another_logins_nonce_and_another_key_are_refused(window):
    window.provider.nonce = "other"
    assert "nonce_mismatch" in window.get("/").text
    window.provider.nonce = None
    key, window.provider.key = window.provider.key, new_key()
    assert "signature_invalid" in window.get("/").text
    window.provider.key = key


def test_the_api_takes_a_token_for_this_window(window):
    token = window.provider.token("at+jwt", aud=["permits", window.provider.issuer + "/userinfo"])
    assert window.me(token).json()["legal_person"]["uscc"] == "91440000PDY00001XK"


def test_the_api_refuses_in_the_words_of_rfc_6750(window):
    nothing = window.me()
    assert nothing.status_code == 401 and "error" not in nothing.headers["www-authenticate"]
    assert window.me(authorization="Basic eDp4").status_code == 400
    make = window.provider.token
    for token, code in [
            (make("at+jwt", aud="taxes"), "audience_mismatch"), (make("JWT"), "type_mismatch"), (make("at+jwt", exp=5), "expired"),
            (make("at+jwt", iss="https://evil.example"), "issuer_mismatch"), ("x", "token_malformed"), (make("at+jwt", new_key()), "signature_invalid")]:
        refusal = window.me(token)
        assert refusal.status_code == 401 and f'error="invalid_token", error_description="{code}"' in refusal.headers["www-authenticate"]
