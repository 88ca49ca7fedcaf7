"""The same mesh as a line of the batch, as a trust list, and as a trust list of half of it whose other half came with the leaf."""
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import BINARY
from making.authority import NOW
from making.meshes import Mesh
from making.model import judged

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


def write(mesh, folder, brought):
    """The mesh as a trust list without the certificates `brought`; the command line's part that names all of it."""
    def put(name, texts):
        names = []
        for number, text in enumerate(texts):
            (folder / f"{name}{number}.pem").write_text(text)
            names.append(f"{name}{number}.pem")
        return names
    lines = ["version: 1", "anchors: " + json.dumps(put("anchor", mesh.case["trusted_certs"]))]
    pool = put("authority", [pem for pem in mesh.case["untrusted_intermediates"] if pem not in brought])
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
    return ["--trust", str(folder / "trust.yaml"), *(f"--intermediate={folder / name}" for name in put("brought", brought))]


def ask(mesh, folder, brought=()):
    question = mesh.question
    command = [str(BINARY), "verify", *write(mesh, folder, brought), "--at", NOW.isoformat(), "--json",
               "--purpose", "client" if question.purpose else "any"]
    for policy in sorted(question.policies or []):
        command += ["--policy", policy]
    for is_asked, option in [(question.explicit, "--explicit-policy"), (question.no_mapping, "--inhibit-policy-mapping"),
                             (question.no_any, "--inhibit-any-policy")]:
        command += [option] if is_asked else []
    run = subprocess.run([*command, str(folder / "leaf.pem")], capture_output=True, text=True, timeout=120)
    assert run.returncode in (0, 1) and run.stdout, run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def answers(batch, tmp_path_factory):
    """(number, mesh, answer of the batch, of the list, of the list with half of the mesh brought along)."""
    made = meshes()
    lines = batch([mesh.case for _, mesh in made])
    base = tmp_path_factory.mktemp("trust-lists")  # once: the factory is not made for several threads

    def folder(name):
        (base / name).mkdir()
        return base / name

    def lists(number, mesh):
        # More than 16 are not taken from a client.
        half = mesh.case["untrusted_intermediates"][::2][:16]
        return [ask(mesh, folder(f"mesh{number}-{part}"), brought) for part, brought in (("listed", []), ("brought", half))]
    with ThreadPoolExecutor(4) as workers:
        asked = list(workers.map(lambda one: lists(*one), made))
    return [(number, mesh, line, *both) for (number, mesh), line, both in zip(made, lines, asked)]


def test_a_trust_list_and_a_batch_line_have_one_answer(answers):
    keys = ["verdict", "code", "path", "policies"]
    different = [(number, line, one) for number, _, line, one, _ in answers if [line[key] for key in keys] != [one[key] for key in keys]]
    assert different == []


def test_what_came_with_the_leaf_counts_as_what_is_listed(answers):
    # The code may differ: a CA that only the holder brought along is one of no name known (`issuer_unknown`).
    different = [(number, line, one) for number, _, line, _, one in answers if line["verdict"] != one["verdict"]]
    assert different == []


def test_its_path_is_one_of_the_models(answers):
    different = []
    for number, mesh, _, _, one in answers:
        if one["verdict"] == "ACCEPT" and judged(mesh).get(tuple(one["path"])) != set(one["policies"]):
            different.append((number, one))
    assert different == []
