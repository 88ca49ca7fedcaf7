"""Every scenario through one `hallpass verify --batch`, in three orders of its pool; each must give its golden verdict."""
import importlib
import pathlib
import random

import pytest

from making.scenario import SCENARIOS

for module in sorted(pathlib.Path(__file__).with_name("cases").glob("[a-z]*.py")):
    importlib.import_module(f"cases.{module.stem}")

POOLS = ["trusted_certs", "untrusted_intermediates", "crls"]
# What `hallpass verify` can tell. The others of contract.md come with logins, and are tested there.
CODES = {
    "certificate_missing", "certificate_malformed", "certificate_expired", "certificate_not_yet_valid", "certificate_revoked",
    "certificate_suspended", "purpose_not_permitted", "algorithm_not_permitted", "signature_invalid", "issuer_unknown", "path_not_found",
    "ca_revoked", "constraint_violated", "policy_not_acceptable", "name_not_permitted", "extension_not_supported",
    "revocation_unavailable", "too_complex"}


def shuffled(members, seed):
    members = list(members)
    random.Random(seed).shuffle(members)
    return members


ORDERS = {"as-given": list, "reversed": lambda members: list(reversed(members)), "shuffled": lambda members: shuffled(members, 20261121)}


@pytest.fixture(scope="module")
def made():
    return {identifier: make() for identifier, make in SCENARIOS.items()}


@pytest.fixture(scope="module")
def answers(made, batch):
    """By identifier and order."""
    asked = [(identifier, order) for identifier in made for order in ORDERS]
    lines = [made[identifier].case | {"id": f"{identifier} {order}"} | {pool: ORDERS[order](made[identifier].case[pool]) for pool in POOLS}
             for identifier, order in asked]
    given = batch(lines)
    assert [one["id"] for one in given] == [line["id"] for line in lines]
    return dict(zip(asked, given))


@pytest.mark.parametrize("identifier", SCENARIOS)
def test_verdict(identifier, made, answers):
    wanted, answer = made[identifier], answers[identifier, "as-given"]
    told = answer["why"]
    assert (answer["verdict"], answer["code"]) == ("REJECT" if wanted.code else "ACCEPT", wanted.code), told
    if wanted.code:
        assert answer["path"] == [] and told
        if wanted.at:
            assert answer["certificate"] == wanted.at, told
    else:
        assert answer["certificate"] is None
        assert len(answer["path"]) >= 2
        assert wanted.path is None or answer["path"] == wanted.path
    if wanted.policies is not None:
        assert sorted(answer["policies"]) == sorted(wanted.policies)


@pytest.mark.parametrize("identifier", SCENARIOS)
def test_the_order_of_the_pool_does_not_matter(identifier, answers):
    facts = [{key: value for key, value in answers[identifier, order].items() if key not in ("id", "micros")} for order in ORDERS]
    assert facts[0] == facts[1] == facts[2]


def test_every_code_is_reached(made):
    assert {one.code for one in made.values()} - {""} == CODES


def test_there_are_enough_scenarios():
    assert len(SCENARIOS) >= 170
