"""`hallpass verify`, its batch, and the audit's proof against tampering, from the outside."""
import json
import os
import shutil
import sqlite3
import subprocess

import pytest
import yaml

import hall


def test_verify_says_the_path_or_why_not(demo):
    for person in demo.people:
        certificate, chain = person["certificate"], person["chain"]
        intermediates = ["--intermediate", chain] if (hall.ROOT / chain).read_text().strip() else []
        result = demo.hallpass("verify", "--trust", demo.description["trust"], *intermediates, certificate, check=False)
        path_refusals = {"certificate_expired", "certificate_not_yet_valid", "certificate_revoked", "certificate_suspended",
                         "issuer_unknown", "purpose_not_permitted", "policy_not_acceptable", "name_not_permitted", "path_not_found"}
        if person["expect"] in path_refusals:
            assert result.returncode == 1, person["name"]
            # An unknown CA given with --intermediate is a CA of that name: what is missing then is the path.
            told = {person["expect"], "path_not_found"} if person["expect"] == "issuer_unknown" else {person["expect"]}
            assert any(code in result.stderr.splitlines()[0] for code in told), person["name"]
        else:
            assert result.returncode == 0, (person["name"], result.stderr)


def test_verify_in_json_names_the_path(demo):
    person = demo.person(kind="master", expect="login")
    out = demo.hallpass("verify", "--json", "--trust", demo.description["trust"], "--intermediate", person["chain"], person["certificate"]).stdout
    assert json.loads(out)


def batch(*lines):
    return subprocess.run([str(hall.BINARY), "verify", "--batch"], input="\n".join(lines) + "\n", cwd=hall.ROOT, capture_output=True,
                          text=True, check=True).stdout.splitlines()


def test_the_batch_answers_every_line_in_order_whatever_stands_in_it(demo):
    person = demo.person(kind="master", expect="login")
    leaf = (hall.ROOT / person["certificate"]).read_text()
    chain = (hall.ROOT / person["chain"]).read_text()
    case = {"id": "a", "trusted_certs": [chain], "untrusted_intermediates": [], "peer_certificate": leaf, "validation_kind": "CLIENT",
            "validation_time": None, "crls": None, "unknown_field": {"x": 1}}
    answers = [json.loads(line) for line in batch(
        json.dumps(case), "not json", json.dumps({**case, "id": "b", "peer_certificate": "x"}), json.dumps({**case, "id": "c", "trusted_certs": []}),
        json.dumps({**case, "id": "d", "validation_time": "2000-01-01T00:00:00Z"}), "[" * 5000)]
    assert [a["verdict"] for a in answers] == ["ACCEPT", "REJECT", "REJECT", "REJECT", "REJECT", "REJECT"]
    assert all(a["code"] for a in answers[1:])
    assert answers[4]["code"] == "certificate_not_yet_valid"


# The audit.

def configuration(demo, folder):
    """A copy of the demo's database and heads, with a configuration that points to them."""
    source = (hall.ROOT / demo.config).parent
    document = yaml.safe_load((hall.ROOT / demo.config).read_text())
    database = source / document["database"] if not os.path.isabs(document["database"]) else document["database"]
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection, sqlite3.connect(folder / "copy.sqlite") as copy:
        connection.backup(copy)
    heads = source / document["audit"]["head_file"] if not os.path.isabs(document["audit"]["head_file"]) else document["audit"]["head_file"]
    shutil.copy(heads, folder / "heads")

    def absolute(value):
        if isinstance(value, dict):
            return {key: absolute(item) for key, item in value.items()}
        if isinstance(value, list):
            return [absolute(item) for item in value]
        if isinstance(value, str) and not os.path.isabs(value) and (source / value).exists():
            return str(source / value)
        return value

    document = absolute(document)
    document["database"] = str(folder / "copy.sqlite")
    document["audit"]["head_file"] = str(folder / "heads")
    (folder / "hallpass.yaml").write_text(yaml.safe_dump(document, allow_unicode=True))
    return folder / "hallpass.yaml", folder / "copy.sqlite"


def test_an_untouched_copy_of_the_audit_is_whole(demo, tmp_path):
    config, _ = configuration(demo, tmp_path)
    assert demo.hallpass("audit", "verify", "--config", str(config)).returncode == 0


MIDDLE = "(select seq from audit_events order by seq limit 1 offset 3)"


@pytest.mark.parametrize("tampering", [
    f"update audit_events set kind = 'login.refused' where seq = {MIDDLE}",
    f"update audit_events set actor = 'cli:nobody' where seq = {MIDDLE}",
    f"update audit_events set details = '{{}}', target = 'x' where seq = {MIDDLE}",
    f"update audit_events set hash = zeroblob(32) where seq = {MIDDLE}",
    f"delete from audit_events where seq = {MIDDLE}",
    "delete from audit_events where seq <= 2",
    "delete from audit_events where seq > 3",
    "delete from audit_events",
])
def test_tampering_with_the_audit_is_found(demo, tmp_path, tampering):
    config, database = configuration(demo, tmp_path)
    with sqlite3.connect(database) as connection:
        for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            connection.execute(f'drop trigger "{name}"')
        changed = connection.execute(tampering).rowcount
        assert changed > 0
    result = demo.hallpass("audit", "verify", "--config", str(config), check=False)
    assert result.returncode == 1 and result.stderr.strip()
