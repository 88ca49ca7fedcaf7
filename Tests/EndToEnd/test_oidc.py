"""OpenID Connect with clients that are not ours: Authlib drives the flow, joserfc verifies the tokens."""
import concurrent.futures
import time
import urllib.parse

import pytest
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet


@pytest.fixture(scope="module")
def window(demo):
    return next(w for w in demo.windows.values() if w["protocol"] == "oidc" and w["client_secret"] and w["entry"] == "granted")


@pytest.fixture(scope="module")
def master(demo, window):
    return next(p for p in demo.people if p["kind"] == "master" and p["expect"] == "login" and window["id"] in p["windows"])


@pytest.fixture()
def logged_in(demo, master):
    session, code = demo.log_in_by_challenge(master)
    assert code is None
    return session


def keys(demo):
    return KeySet.import_key_set(demo.session().get(demo.discovery()["jwks_uri"]).json())


def test_discovery_names_the_public_origin_and_its_endpoints(demo):
    document = demo.discovery()
    assert document["issuer"] == demo.issuer
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "introspection_endpoint",
                 "revocation_endpoint", "end_session_endpoint"):
        assert document[name].startswith(demo.issuer + "/"), name
    assert document["response_types_supported"] == ["code"]
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert "ES256" in document["id_token_signing_alg_values_supported"]
    assert document["acr_values_supported"]


@pytest.mark.parametrize("method", ["client_secret_basic"])
def test_authlib_completes_the_code_flow_with_pkce(demo, window, master, logged_in, method):
    document = demo.discovery()
    client = OAuth2Session(
        window["client_id"], window["client_secret"], token_endpoint_auth_method=method, scope="openid profile",
        redirect_uri=window["redirect_uris"][0], code_challenge_method="S256")
    client.verify, client.trust_env = demo.tls_ca, False
    verifier = "k" * 50
    url, state = client.create_authorization_url(document["authorization_endpoint"], nonce="n-77", code_verifier=verifier)
    answer = logged_in.get(url, allow_redirects=False)
    location = answer.headers["location"]
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query))
    assert query["state"] == state and query["iss"] == demo.issuer
    token = client.fetch_token(document["token_endpoint"], authorization_response=location, code_verifier=verifier)

    claims = jwt.decode(token["id_token"], keys(demo), algorithms=["ES256"]).claims
    assert claims["iss"] == demo.issuer and claims["aud"] in (window["client_id"], [window["client_id"]]) and claims["nonce"] == "n-77"
    assert claims["legal_person"] == master["legal_person"] and claims["certificate_kind"] == "master"
    assert claims["acr"] in document["acr_values_supported"] and claims["amr"] and claims["sid"]
    assert claims["exp"] > time.time() >= claims["iat"] - 5 and claims["auth_time"] <= claims["iat"]
    assert master["legal_person"]["uscc"] not in claims["sub"]

    access = jwt.decode(token["access_token"], keys(demo), algorithms=["ES256"])
    assert access.header["typ"] == "at+jwt"
    assert access.claims["client_id"] == window["client_id"] and window["client_id"] in access.claims["aud"]
    assert {"iss", "exp", "sub", "iat", "jti"} <= access.claims.keys() and access.claims["sub"] == claims["sub"]

    userinfo = demo.session().get(document["userinfo_endpoint"], headers={"Authorization": f"Bearer {token['access_token']}"}).json()
    assert userinfo["sub"] == claims["sub"]


def test_both_ways_of_logging_in_reach_the_same_account(demo, window, master):
    subjects = set()
    for way in master["by"]:
        session, code = demo.log_in(master, way)
        assert code is None
        token = demo.redeem(window, demo.authorize(session, window)["code"]).json()
        subjects.add(jwt.decode(token["id_token"], keys(demo), algorithms=["ES256"]).claims["sub"])
    assert len(subjects) == 1


def test_a_renewed_certificate_reaches_the_same_account(demo):
    by_legal_person = {}
    for person in demo.people:
        if person["expect"] == "login" and person["kind"] == "master":
            by_legal_person.setdefault(person["legal_person"]["uscc"], []).append(person)
    renewed = next(people for people in by_legal_person.values() if len(people) > 1)
    accounts = {demo.who(demo.log_in(person)[0])["account"]["id"] for person in renewed}
    assert len(accounts) == 1


def test_a_code_is_redeemed_once_and_its_reuse_ends_what_it_gave(demo, window, logged_in):
    code = demo.authorize(logged_in, window)["code"]
    first = demo.redeem(window, code)
    assert first.status_code == 200
    again = demo.redeem(window, code)
    assert again.status_code == 400 and again.json()["error"] == "invalid_grant"
    assert not introspect(demo, window, first.json()["access_token"])["active"]


def test_fifty_redemptions_at_once_have_one_winner(demo, window, logged_in):
    code = demo.authorize(logged_in, window)["code"]
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: demo.redeem(window, code).status_code, range(50)))
    assert answers.count(200) <= 1 and set(answers) <= {200, 400}


def test_a_wrong_verifier_or_redirect_uri_is_refused(demo, window, logged_in):
    code = demo.authorize(logged_in, window)["code"]
    assert demo.redeem(window, code, verifier="x" * 64).json()["error"] == "invalid_grant"
    answer = logged_in.get(demo.discovery()["authorization_endpoint"], params={
        "response_type": "code", "client_id": window["client_id"], "redirect_uri": window["redirect_uris"][0] + "/",
        "scope": "openid", "code_challenge": "c" * 43, "code_challenge_method": "S256"}, allow_redirects=False)
    assert answer.status_code == 400 and "location" not in answer.headers


def refresh(demo, window, token):
    return demo.session().post(
        demo.discovery()["token_endpoint"], auth=(window["client_id"], window["client_secret"]),
        data={"grant_type": "refresh_token", "refresh_token": token})


def introspect(demo, window, token):
    answer = demo.session().post(
        demo.discovery()["introspection_endpoint"], auth=(window["client_id"], window["client_secret"]), data={"token": token})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_refresh_rotates_and_reuse_ends_the_family(demo, window, logged_in):
    tokens = demo.redeem(window, demo.authorize(logged_in, window)["code"]).json()
    if "refresh_token" not in tokens:
        pytest.fail("the granted demo window is registered for refresh_token")
    second = refresh(demo, window, tokens["refresh_token"])
    assert second.status_code == 200 and second.json()["refresh_token"] != tokens["refresh_token"]
    assert introspect(demo, window, second.json()["access_token"])["active"]
    assert refresh(demo, window, tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert refresh(demo, window, second.json()["refresh_token"]).json()["error"] == "invalid_grant"
    assert not introspect(demo, window, second.json()["access_token"])["active"]


def test_revocation_and_logout_end_tokens(demo, window, logged_in):
    tokens = demo.redeem(window, demo.authorize(logged_in, window)["code"]).json()
    demo.session().post(
        demo.discovery()["revocation_endpoint"], auth=(window["client_id"], window["client_secret"]), data={"token": tokens["access_token"]})
    assert not introspect(demo, window, tokens["access_token"])["active"]
    tokens = demo.redeem(window, demo.authorize(logged_in, window)["code"]).json()
    assert introspect(demo, window, tokens["access_token"])["active"]
    answer = logged_in.get(
        demo.discovery()["end_session_endpoint"],
        params={"id_token_hint": tokens["id_token"], "client_id": window["client_id"]}, allow_redirects=False)
    assert answer.status_code in (200, 303)
    assert demo.who(logged_in) is None
    assert not introspect(demo, window, tokens["access_token"])["active"]
    assert refresh(demo, window, tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_another_window_learns_nothing_of_a_token(demo, window, logged_in):
    other = next((w for w in demo.windows.values() if w["protocol"] == "oidc" and w["client_secret"] and w["id"] != window["id"]), None)
    assert other, "the demo has two OIDC windows with a secret"
    tokens = demo.redeem(window, demo.authorize(logged_in, window)["code"]).json()
    assert introspect(demo, other, tokens["access_token"]) == {"active": False}


def test_a_window_that_may_not_be_entered_answers_access_denied(demo, window):
    outsider = next(p for p in demo.people if p["expect"] == "login" and window["id"] not in p["windows"])
    session, _ = demo.log_in(outsider)
    assert demo.authorize(session, window)["error"] == "access_denied"


def test_prompt_none_without_a_session_is_login_required(demo, window):
    assert demo.authorize(demo.session(), window, prompt="none")["error"] == "login_required"


@pytest.mark.parametrize("change, error", [
    ({"response_type": "token"}, "unsupported_response_type"), ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge": ""}, "invalid_request"),
])
def test_wrong_requests_are_answered_at_the_redirect_uri(demo, window, logged_in, change, error):
    assert demo.authorize(logged_in, window, **change)["error"] == error


@pytest.mark.parametrize("auth", [None, ("nobody", "x")])
def test_unknown_clients_are_refused_by_the_standard(demo, auth):
    answer = demo.session().post(demo.discovery()["token_endpoint"], auth=auth, data={"grant_type": "authorization_code", "code": "x"})
    assert answer.status_code in (400, 401) and answer.json()["error"] in ("invalid_client", "invalid_request")
