"""A master's work over the API: bind, issue, grant, suspend, resume, revoke; each takes effect on sessions already open."""
import datetime
import subprocess

import pytest

import hall


@pytest.fixture(scope="module")
def master(demo):
    return next(p for p in demo.people if p["kind"] == "master" and p["expect"] == "login" and p["windows"])


class Desk:
    """A logged-in person at the API."""

    def __init__(self, demo, session):
        self.demo, self.http = demo, session
        self.api = f"{demo.issuer}/api/v1"
        who = demo.who(session)
        self.account = who["account"]
        self.headers = {"X-CSRF-Token": who["csrf"], "Origin": demo.issuer, "Accept": "application/json"}

    def get(self, path):
        return self.http.get(self.api + path, headers=self.headers)

    def post(self, path, body=None):
        return self.http.post(self.api + path, json=body, headers=self.headers)

    def delete(self, path):
        return self.http.delete(self.api + path, headers=self.headers)


@pytest.fixture()
def desk(demo, master):
    return Desk(demo, demo.log_in(master)[0])


def end(days=30):
    return (datetime.date.today() + datetime.timedelta(days=days)).isoformat()


@pytest.fixture(scope="module")
def issued(demo, master, tmp_path_factory):
    """A sub-certificate issued by the platform CA for a key made by openssl, and its holder as a person of the hall."""
    folder = tmp_path_factory.mktemp("issued")
    key, request = folder / "key.pem", folder / "request.pem"
    subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(key),
                    "-subj", "/CN=ignored", "-out", str(request)], check=True, capture_output=True)
    desk = Desk(demo, demo.log_in(master)[0])
    answer = desk.post("/certificates/requests", {"request": request.read_text(), "holder_name": "试用员工", "days": 90})
    assert answer.status_code == 201, answer.text
    pem = answer.json()["certificate"]
    certificate, chain = folder / "certificate.pem", folder / "chain.pem"
    blocks = pem.split("-----END CERTIFICATE-----\n")
    certificate.write_text(blocks[0] + "-----END CERTIFICATE-----\n")
    chain.write_text("-----END CERTIFICATE-----\n".join(blocks[1:]))
    person = {"name": "试用员工", "certificate": str(certificate), "chain": str(chain), "key": str(key)}
    return person, answer.json()["bound"]


def test_an_issued_sub_certificate_logs_in_and_enters_nothing_yet(demo, issued, master):
    person, bound = issued
    session, code = demo.log_in_by_challenge(person)
    assert code is None
    who = demo.who(session)
    assert who["account"]["kind"] == "sub" and who["account"]["legal_person"]["uscc"] == master["legal_person"]["uscc"]
    granted = [id for id, window in demo.windows.items() if window["entry"] == "granted" and demo.enters(session, window)]
    assert granted == []


def test_a_grant_opens_one_window_and_its_withdrawal_closes_it_for_the_open_session(demo, issued, desk):
    person, bound = issued
    session, _ = demo.log_in_by_challenge(person)
    window = next(demo.windows[id] for id in master_windows(demo, desk) if demo.windows[id]["protocol"] == "oidc")
    given = desk.post(f"/accounts/{bound['account']}/grants", {"window": window["id"], "until": end(), "parameters": {"limit": "50000"}})
    assert given.status_code == 201, given.text
    tokens = demo.redeem(window, demo.authorize(session, window)["code"]).json()
    assert tokens["access_token"]
    others = [id for id, other in demo.windows.items() if other["entry"] == "granted" and id != window["id"] and demo.enters(session, other)]
    assert others == []
    assert desk.delete(f"/grants/{given.json()['id']}").status_code == 204
    assert demo.authorize(session, window)["error"] == "access_denied"


def master_windows(demo, desk):
    granted = [id for id, window in demo.windows.items() if window["entry"] == "granted"]
    return [window["id"] for window in desk.get("/session").json()["windows"] if window["id"] in granted]


def test_suspending_ends_the_open_session_and_resuming_lets_back_in(demo, issued, desk):
    person, bound = issued
    session, _ = demo.log_in_by_challenge(person)
    assert demo.who(session)
    assert desk.post(f"/certificates/{bound['id']}/standing", {"standing": "suspended"}).status_code == 204
    assert demo.who(session) is None
    assert demo.log_in_by_challenge(person)[1] == "certificate_suspended"
    assert desk.post(f"/certificates/{bound['id']}/standing", {"standing": "active"}).status_code == 204
    assert demo.log_in_by_challenge(person)[1] is None
    assert demo.who(session) is None, "the ended session stays ended"


@pytest.mark.parametrize("body", [
    {"window": "no-such-window", "until": "2027-01-01"}, {"window": "WINDOW", "until": "2040-01-01"}, {"window": "WINDOW", "until": "2020-01-01"},
    {"window": "WINDOW", "until": "tomorrow"}, {"window": "WINDOW"}, {"window": "WINDOW", "until": "2027-01-01", "parameters": {"x": "y" * 5000}},
])
def test_grants_beyond_the_rules_are_refused_with_a_code(demo, issued, desk, body):
    _, bound = issued
    if body["window"] == "WINDOW":
        body = {**body, "window": master_windows(demo, desk)[0]}
    answer = desk.post(f"/accounts/{bound['account']}/grants", body)
    assert 400 <= answer.status_code < 500 and answer.json()["code"]


def test_a_sub_may_not_administer(demo, issued, desk):
    person, bound = issued
    sub = Desk(demo, demo.log_in_by_challenge(person)[0])
    assert sub.get("/certificates").status_code == 403
    window = master_windows(demo, desk)[0]
    assert sub.post(f"/accounts/{bound['account']}/grants", {"window": window, "until": end()}).status_code in (403, 404)
    assert sub.post(f"/certificates/{bound['id']}/standing", {"standing": "active"}).status_code in (403, 404)
    assert sub.get("/legal-persons").status_code == 403


def test_one_master_does_not_reach_another_legal_person(demo, issued, master):
    _, bound = issued
    other = next(p for p in demo.people if p["kind"] == "master" and p["expect"] == "login"
                 and p["legal_person"]["uscc"] != master["legal_person"]["uscc"])
    desk = Desk(demo, demo.log_in(other)[0])
    assert desk.post(f"/certificates/{bound['id']}/standing", {"standing": "revoked"}).status_code in (403, 404)
    assert desk.get(f"/accounts/{bound['account']}/grants").status_code in (403, 404)
    assert desk.get(f"/legal-persons/{master['legal_person']['uscc']}").status_code == 403


def test_changes_without_our_origin_or_token_are_refused(demo, desk):
    for headers in ({"Origin": demo.issuer}, {"X-CSRF-Token": desk.headers["X-CSRF-Token"], "Origin": "https://127.0.0.1:8446"},
                    {"X-CSRF-Token": "0" * 64, "Origin": demo.issuer}):
        answer = desk.http.post(f"{desk.api}/certificates", json={"certificate": "x"}, headers={**headers, "Accept": "application/json"})
        assert answer.status_code == 403 and answer.json()["code"] == "cross_site_refused"


def test_a_certificate_of_another_legal_person_cannot_be_bound(demo, desk, master):
    other = next(p for p in demo.people if p["legal_person"] and p["legal_person"]["uscc"] != master["legal_person"]["uscc"]
                 and p["kind"] == "sub")
    answer = desk.post("/certificates", {"certificate": (hall.ROOT / other["certificate"]).read_text()})
    assert answer.status_code == 403 and answer.json()["code"] == "other_legal_person"


def test_an_administrator_suspends_a_legal_person_and_everyone_of_it_is_out(demo, master):
    admin = demo.description["admin"]
    session, code = demo.log_in_by_password(admin["uid"], admin["password"])
    assert code is None
    desk = Desk(demo, session)
    uscc = master["legal_person"]["uscc"]
    open_session, _ = demo.log_in(master)
    assert demo.who(open_session)
    try:
        assert desk.post(f"/legal-persons/{uscc}/standing", {"standing": "suspended"}).status_code == 204
        assert demo.who(open_session) is None
        assert demo.log_in(master)[1] == "legal_person_suspended"
    finally:
        assert desk.post(f"/legal-persons/{uscc}/standing", {"standing": "active"}).status_code == 204
    assert demo.log_in(master)[1] is None


def test_revoking_is_final_and_reaches_the_platforms_revocation_list(demo, issued, desk):
    person, bound = issued
    assert desk.post(f"/certificates/{bound['id']}/standing", {"standing": "revoked"}).status_code == 204
    assert demo.log_in_by_challenge(person)[1] == "certificate_revoked"
    again = desk.post(f"/certificates/{bound['id']}/standing", {"standing": "active"})
    assert again.status_code == 409
    verdict = demo.hallpass("verify", "--trust", demo.description["trust"], person["certificate"], check=False)
    assert verdict.returncode == 1 and "revoked" in (verdict.stdout + verdict.stderr)


def test_a_member_of_staff_gets_a_certificate_from_the_command_line(demo, tmp_path):
    """A holder the server does not know yet becomes staff's second way in; someone who has an account already does not."""
    staff = demo.description["staff"][0]
    personal = demo.person(kind="personal", expect="login")
    demo.log_in(personal)
    taken = demo.hallpass("staff", "bind-certificate", "--config", demo.config, "--uid", staff["uid"], personal["certificate"], check=False)
    assert taken.returncode == 1 and "already_bound" in taken.stderr
    company = demo.person(kind="master", expect="login")
    wrong = demo.hallpass("staff", "bind-certificate", "--config", demo.config, "--uid", staff["uid"], company["certificate"], check=False)
    assert wrong.returncode == 1 and "personal certificate" in wrong.stderr


def test_legal_persons_are_imported_whole_or_not_at_all(demo, tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("uscc,name\n51440000PDY000036J,试用协会\n")
    bad.write_text("uscc,name\n91440000PDY0001830,另一公司\n91440000PDY0001831,错码公司\n")
    assert demo.hallpass("legal-persons", "import", "--config", demo.config, str(good)).returncode == 0
    refused = demo.hallpass("legal-persons", "import", "--config", demo.config, str(bad), check=False)
    assert refused.returncode == 1 and "3" in refused.stderr
