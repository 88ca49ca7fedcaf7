"""What contract.md promises of `hallpass verify --batch` itself, whatever the certificates say."""
import json
import subprocess

import pytest

from conftest import BINARY
from making import extensions as ext
from making.authority import CA, NOW, Seed


@pytest.fixture(scope="module")
def line():
    """A line that is accepted."""
    Seed.begin("batch")
    root = CA("Root")
    return {"id": "ordinary", "trusted_certs": [root.anchor.pem], "untrusted_intermediates": [], "peer_certificate": root.leaf().pem,
            "crls": [], "validation_time": NOW.isoformat(), "validation_kind": "CLIENT"}


def code(batch, *lines):
    return [answer["code"] for answer in batch(lines)]


def test_every_answer_has_every_field(batch, line):
    for answer in batch([line, line | {"peer_certificate": ""}, "nothing"]):
        assert set(answer) == {"id", "verdict", "code", "why", "certificate", "path", "policies", "micros"}
        assert answer["verdict"] in ("ACCEPT", "REJECT") and isinstance(answer["micros"], int)


def test_lines_that_are_not_json_are_answered_and_stop_nothing(batch, line):
    broken = ["{", "[]", "null", "7", '"text"', "\u0000", '{"id": 5}', '{"id": "x", "trusted_certs": {"a": 1}}', "", line]
    answers = batch(broken)
    assert all(answer["verdict"] == "REJECT" and answer["code"] for answer in answers[:-1])
    assert answers[-1]["verdict"] == "ACCEPT"
    assert answers[7]["id"] == "x"


def test_answers_come_in_order(batch, line):
    lines = [line | {"id": str(number)} if number % 3 else "broken" for number in range(60)]
    assert [answer["id"] for answer in batch(lines)] == [str(number) if number % 3 else None for number in range(60)]


def test_each_line_is_answered_before_the_next_is_asked(line):
    with subprocess.Popen([str(BINARY), "verify", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for number in range(3):
            process.stdin.write(json.dumps(line | {"id": str(number)}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == str(number)
        process.stdin.close()
        assert process.wait(20) == 0


def test_absent_null_and_empty_mean_the_same(batch, line):
    fields = ["untrusted_intermediates", "crls", "key_usage", "extended_key_usage", "signature_algorithms"]
    absent = {key: value for key, value in line.items() if key not in fields}
    nothing = [absent, absent | dict.fromkeys(fields) | {"max_chain_depth": None, "inputs": None}, absent | dict.fromkeys(fields, []) | {"inputs": {}},
               absent | {"inputs": dict.fromkeys(["initial_policy_set", "initial_explicit_policy", "revocation", "lax", "no_eku"])}]
    assert [answer["verdict"] for answer in batch(nothing)] == ["ACCEPT"] * 4


def test_no_time_is_now(batch, line):
    # The ordinary leaf is long expired, or still is not valid, in any year but its own; an ordinary RFC 3339 time is not refused as such.
    for missing in ({"validation_time": None}, {"validation_time": ""}):
        assert set(code(batch, line | missing)) <= {"", "certificate_expired", "certificate_not_yet_valid", "path_not_found"}


def test_unknown_fields_are_ignored(batch, line):
    more = {"expected_result": "SUCCESS", "features": ["x"], "expected_peer_name": {"kind": "DNS", "value": "no.example.com"}, "importance": 7}
    assert code(batch, line | more | {"inputs": {"tomorrow": True}}) == [""]


@pytest.mark.parametrize("field", [
    {"validation_time": "yesterday"}, {"validation_time": "2026-02-30T00:00:00Z"}, {"validation_kind": "ROBOT"},
    {"extended_key_usage": ["flying"]}, {"key_usage": ["flying"]}, {"inputs": {"revocation": "sometimes"}},
    {"inputs": {"initial_policy_set": ["policy"]}}, {"signature_algorithms": ["FLYING"]}])
def test_a_question_that_is_not_understood_is_refused(batch, line, field):
    assert code(batch, line | field) != [""]


def test_a_line_of_seventeen_megabytes_is_refused_and_stops_nothing(batch, line):
    answers = batch([line | {"padding": "x" * 17_000_000}, line])
    assert [answer["code"] for answer in answers] == ["too_complex", ""]


def test_a_whole_chain_in_one_anchor_text_counts_certificate_by_certificate(batch, line):
    both = CA("Other").anchor.pem + line["trusted_certs"][0]
    assert code(batch, line | {"trusted_certs": [both]}) == [""]


def test_the_certificate_at_fault_is_named(batch, line):
    root = CA("Root")
    leaf = root.leaf(ext.unknown(True))
    answer = batch([line | {"trusted_certs": [root.anchor.pem], "peer_certificate": leaf.pem}])[0]
    assert (answer["code"], answer["certificate"]) == ("extension_not_supported", leaf.sha256)
