"""The same mesh, once as a line of the batch and once as a trust list: one walk, two ways to ask it."""
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import BINARY
from making.authority import NOW
from making.meshes import Mesh

COUNT = int(os.environ.get("HALLPASS_TRUST_LISTS", "16"))
FIRST = int(os.environ.get("HALLPASS_TRUST_LISTS_FROM", "1"))


def meshes():
    """Only strict ones, as a trust list knows no `lax`, and without a depth, which the command line does not ask."""
    number = FIRST
    found = []
    while len(found) < COUNT:
        mesh = Mesh(number)
        if not mesh.lax and mesh.question.depth is None:
            found.append((number, mesh))
        number += 1
    return found


def write(mesh, folder):
    """The mesh as a trust list; the path of the list and of the leaf."""
    def put(name, texts):
        names = []
        for number, text in enumerate(texts):
            (folder / f"{name}{number}.pem").write_text(text)
            names.append(f"{name}{number}.pem")
        return names
    lines = ["version: 1", "anchors: " + json.dumps(put("anchor", mesh.case["trusted_certs"]))]
    pool = put("authority", mesh.case["untrusted_intermediates"])
    lines += ["authorities: " + json.dumps(pool)] if pool else []
    lists = put("list", mesh.case["crls"])
    lines += ["revocation_lists: " + json.dumps(lists)] if lists else []
    if not mesh.revocation:
        lines.append("cas:")
        seen = set()
        for number, ca in enumerate(mesh.cas):
            if (ca.name, ca.key.info) in seen:
                continue
            seen.add((ca.name, ca.key.info))
            (folder / f"ca{number}.pem").write_text(ca.certify(ca).pem)
            lines.append(f'  - {{certificate: ca{number}.pem, name: CA {number}, revocation: "off"}}')
    (folder / "trust.yaml").write_text("\n".join(lines) + "\n")
    (folder / "leaf.pem").write_text(mesh.case["peer_certificate"])
    return folder / "trust.yaml", folder / "leaf.pem"


def ask(mesh, folder):
    trust, leaf = write(mesh, folder)
    question = mesh.question
    command = [str(BINARY), "verify", "--trust", str(trust), "--at", NOW.isoformat(), "--json", "--purpose", "client" if question.purpose else "any"]
    for policy in sorted(question.policies or []):
        command += ["--policy", policy]
    for is_asked, option in [(question.explicit, "--explicit-policy"), (question.no_mapping, "--inhibit-policy-mapping"),
                             (question.no_any, "--inhibit-any-policy")]:
        command += [option] if is_asked else []
    run = subprocess.run([*command, str(leaf)], capture_output=True, text=True, timeout=120)
    assert run.returncode in (0, 1) and run.stdout, run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def both(batch, tmp_path_factory):
    made = meshes()
    lines = batch([mesh.case for _, mesh in made])
    folders = [tmp_path_factory.mktemp(f"mesh{number}-") for number, _ in made]
    with ThreadPoolExecutor(4) as workers:
        lists = list(workers.map(ask, [mesh for _, mesh in made], folders))
    return [(number, line, one) for (number, _), line, one in zip(made, lines, lists)]


def test_a_trust_list_and_a_batch_line_have_one_verdict(both):
    keys = ["verdict", "path", "policies"]
    different = [(number, line, one) for number, line, one in both if [line[key] for key in keys] != [one[key] for key in keys]]
    assert different == []


def test_a_refusal_has_one_code(both):
    # A line asks over its own mesh, a list over the server's: a CA that only the holder knows is told differently, here there is none.
    assert [(number, line["code"], one["code"]) for number, line, one in both if line["code"] != one["code"]] == []
