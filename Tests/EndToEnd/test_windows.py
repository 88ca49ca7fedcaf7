"""The nginx window behind forward-auth, and windows registered from the command line while the server runs."""
import json
import subprocess
import time

import requests


def forward_window(demo):
    return next(w for w in demo.windows.values() if w["protocol"] == "forward-auth")


def entitled(demo, window):
    return next(p for p in demo.people if p["expect"] == "login" and window["id"] in p["windows"])


def test_nginx_lets_in_after_one_login_and_asks_nothing_again(demo):
    window = forward_window(demo)
    session, _ = demo.log_in(entitled(demo, window))
    answer = session.get(window["url"])
    assert answer.status_code == 200 and answer.url.startswith(window["url"])
    assert session.get(window["url"], allow_redirects=False).status_code == 200


def test_nginx_leads_an_anonymous_browser_to_the_login_page(demo):
    window = forward_window(demo)
    answer = demo.session().get(window["url"])
    assert answer.url.startswith(demo.issuer + "/login")


def test_identity_headers_from_outside_do_not_let_in(demo):
    window = forward_window(demo)
    answer = demo.session().get(window["url"], allow_redirects=False, headers={
        "X-Hallpass-Subject": "intruder", "X-Hallpass-Kind": "master", "X-Hallpass-Legal-Person": "91440000PDY00001XK"})
    assert answer.status_code in (302, 303)


def test_a_ticket_is_good_once_and_only_in_the_browser_it_was_made_for(demo):
    window = forward_window(demo)
    session, _ = demo.log_in(entitled(demo, window))
    url, ticket = window["url"], None
    for _ in range(8):
        answer = session.get(url, allow_redirects=False)
        url = answer.headers.get("location")
        if url and "/_hallpass/callback" in url:
            ticket = url
            break
        url = requests.compat.urljoin(answer.url, url)
    assert ticket
    stranger = demo.session().get(ticket, allow_redirects=False)
    assert "hallpass-window" not in stranger.headers.get("set-cookie", "")
    first = session.get(ticket, allow_redirects=False)
    assert first.status_code == 303
    again = session.get(ticket, allow_redirects=False)
    assert "hallpass-window" not in again.headers.get("set-cookie", "")


def test_logout_reaches_the_guarded_site_at_the_next_click(demo):
    window = forward_window(demo)
    session, _ = demo.log_in(entitled(demo, window))
    assert session.get(window["url"]).status_code == 200
    csrf = demo.who(session)["csrf"]
    session.post(f"{demo.issuer}/logout", data={"csrf": csrf}, headers={"Origin": demo.issuer})
    assert demo.who(session) is None
    assert session.get(window["url"], allow_redirects=False).status_code in (302, 303, 401, 403)


def test_a_person_without_a_grant_is_told_so(demo):
    window = forward_window(demo)
    outsider = next(p for p in demo.people if p["expect"] == "login" and window["id"] not in p["windows"])
    session, _ = demo.log_in(outsider)
    answer = session.get(window["url"])
    assert answer.status_code == 403


def test_a_window_registered_on_the_running_server_counts_within_a_second(demo):
    added = demo.hallpass(
        "window", "add", "--config", demo.config, "--id", "cli-window", "--name", "命令行窗口", "--protocol", "oidc",
        "--redirect-uri", "http://127.0.0.1:9/cb", "--redirect-uri", "https://127.0.0.1:10/cb", "--entry", "everyone",
        "--grant", "authorization_code", "--grant", "refresh_token", "--json")
    registered = json.loads(added.stdout)
    window = {**registered, "redirect_uris": ["http://127.0.0.1:9/cb"], "protocol": "oidc"}
    time.sleep(1)
    session, _ = demo.log_in(demo.person(kind="personal", expect="login"))
    answer = demo.authorize(session, window)
    tokens = demo.redeem(window, answer["code"])
    assert tokens.status_code == 200, tokens.text

    rotated = json.loads(demo.hallpass("window", "rotate-secret", "--config", demo.config, "--id", "cli-window", "--json").stdout) \
        if "--id" in demo.hallpass("window", "rotate-secret", "--help").stdout else \
        json.loads(demo.hallpass("window", "rotate-secret", "--config", demo.config, "cli-window", "--json").stdout)
    assert rotated["client_secret"] != registered["client_secret"]
    assert demo.redeem(window, demo.authorize(session, window)["code"]).status_code == 401


def test_a_second_window_of_the_same_id_is_refused(demo):
    arguments = ["window", "add", "--config", demo.config, "--id", "twice", "--name", "x", "--protocol", "oidc", "--redirect-uri",
                 "https://127.0.0.1:10/cb"]
    assert demo.hallpass(*arguments).returncode == 0
    again = demo.hallpass(*arguments, check=False)
    assert again.returncode == 1 and again.stderr.strip()


def test_wrong_usage_exits_with_64(demo):
    assert demo.hallpass("window", "add", check=False).returncode == 64
    assert demo.hallpass("no-such-command", check=False).returncode == 64
    assert demo.hallpass("window", "add", "--config", demo.config, "--id", "w", "--name", "w", "--protocol", "oidc", "--redirect-uri",
                         "https://127.0.0.1:10/cb", "--grant", "password", check=False).returncode == 64


def test_the_audit_is_whole_after_all_this_and_names_who_did_it(demo):
    result = demo.hallpass("audit", "verify", "--config", demo.config)
    assert result.returncode == 0, result.stderr
    events = subprocess.run(
        [*map(str, [__import__("hall").BINARY]), "audit", "list", "--config", demo.config, "--json", "--limit", "500"],
        cwd=__import__("hall").ROOT, capture_output=True, text=True, check=True).stdout
    assert "cli:" in events and "login.succeeded" in events


def test_refused_entries_and_failed_clients_stand_in_the_audit(demo):
    window = next(w for w in demo.windows.values() if w["protocol"] == "oidc" and w["entry"] == "granted")
    outsider = next(p for p in demo.people if p["expect"] == "login" and window["id"] not in p["windows"])
    demo.authorize(demo.log_in(outsider)[0], window)
    demo.session().post(demo.discovery()["token_endpoint"], auth=("no-such-client", "x"),
                        data={"grant_type": "authorization_code", "code": "x"})
    events = demo.hallpass("audit", "list", "--config", demo.config, "--json", "--limit", "1000").stdout
    assert "entry.refused" in events and "client.refused" in events
