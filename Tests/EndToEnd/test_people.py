"""Each person of demo.json gets exactly the outcome promised, by each way promised, and exactly the windows promised."""
import pytest


def test_every_person_gets_the_expected_outcome_by_each_way(demo):
    wrong = []
    for person in demo.people:
        for way in person["by"]:
            session, code = demo.log_in(person, way)
            outcome = code or ("login" if demo.who(session) else "no session")
            if outcome != person["expect"]:
                wrong.append(f"{person['name']} ({person['kind']}, {person['ca']}) by {way}: {outcome}, expected {person['expect']}")
    assert not wrong, "\n".join(wrong)


def test_every_person_enters_exactly_the_windows_promised(demo):
    wrong = []
    for person in demo.people:
        if person["expect"] != "login":
            continue
        session, _ = demo.log_in(person, person["by"][0])
        entered = sorted(id for id, window in demo.windows.items() if demo.enters(session, window))
        if entered != sorted(person["windows"]):
            wrong.append(f"{person['name']}: enters {entered}, promised {sorted(person['windows'])}")
    assert not wrong, "\n".join(wrong)


def test_the_session_tells_the_kind_and_the_legal_person(demo):
    for person in demo.people:
        if person["expect"] != "login":
            continue
        session, _ = demo.log_in(person, person["by"][-1])
        account = demo.who(session)["account"]
        assert account["kind"] == person["kind"], person["name"]
        if person["legal_person"]:
            assert account["legal_person"]["uscc"] == person["legal_person"]["uscc"]


def test_the_federation_shows_each_refusal_the_demo_is_meant_to_show(demo):
    expected = {person["expect"] for person in demo.people}
    assert {
        "login", "certificate_expired", "certificate_not_yet_valid", "certificate_revoked", "issuer_unknown", "identity_missing",
        "identity_malformed", "identity_not_permitted", "purpose_not_permitted", "not_registered",
        "policy_not_acceptable", "name_not_permitted", "path_not_found",
    } <= expected


@pytest.mark.parametrize("way", [("-nodetach",), ("-noattr",), ("-keyid",)])
def test_other_forms_of_the_signature_are_taken(demo, way):
    person = demo.person(kind="master", expect="login")
    session, code = demo.log_in_by_challenge(person, options=way)
    assert code is None and demo.who(session)


def holder_of_a_pair(demo, expect):
    return next(person for person in demo.people if person["by"] == ["challenge"] and person["expect"] == expect)


@pytest.mark.parametrize(
    "form", [(), ("--raw",), ("--rfc5652",), ("--rfc5652", "--attributes"), ("--attributes", "--raw"), ("--attached", "--raw")])
def test_sm2_people_log_in_by_challenge_in_each_form(demo, form):
    person = holder_of_a_pair(demo, "login")
    assert person["pkcs12"] is None
    session, code = demo.log_in_by_challenge(person, options=form)
    assert code is None
    assert demo.who(session)["account"]["legal_person"]["uscc"] == person["legal_person"]["uscc"]


def test_an_sm2_signature_with_another_signer_id_is_refused(demo):
    assert demo.log_in_by_challenge(holder_of_a_pair(demo, "login"), options=("--signer-id", "other"))[1] == "signature_invalid"


@pytest.mark.parametrize("form", [(), ("--rfc5652", "--attributes")])
def test_the_encryption_certificate_of_a_pair_logs_nobody_in(demo, form):
    session, code = demo.log_in_by_challenge(holder_of_a_pair(demo, "purpose_not_permitted"), options=form)
    assert code == "purpose_not_permitted"
    assert demo.who(session) is None


def test_staff_log_in_with_their_directory_password_and_enter_their_windows(demo):
    for staff in demo.description["staff"]:
        session, code = demo.log_in_by_password(staff["uid"], staff["password"])
        assert code is None, staff["uid"]
        who = demo.who(session)
        assert who["account"]["kind"] == "staff"
        assert sorted(who["account"]["roles"]) == sorted(staff["roles"])
        assert who["account"]["org_unit"] == staff["org_unit"]
        entered = sorted(id for id, window in demo.windows.items() if demo.enters(session, window))
        assert entered == sorted(staff["windows"]), staff["uid"]


def test_a_wrong_and_an_empty_password_are_refused_alike(demo):
    staff = demo.description["staff"][-1]
    assert demo.log_in_by_password(staff["uid"], "wrong")[1] == "credentials_invalid"
    assert demo.log_in_by_password(staff["uid"], "")[1] == "credentials_invalid"
    assert demo.log_in_by_password("nobody-of-that-name", "x")[1] == "credentials_invalid"
