"""Random meshes: the verifier against a model that enumerates every path and judges each by RFC 5280 §6.1's letter.

HALLPASS_MESHES sets how many (`make soak` takes many more). A mesh that disagrees is named by its number: Mesh(number) makes it again.
"""
import os

import pytest

from making.meshes import Mesh
from making.model import judged

COUNT = int(os.environ.get("HALLPASS_MESHES", "600"))
FIRST = int(os.environ.get("HALLPASS_MESHES_FROM", "1"))


@pytest.fixture(scope="module")
def meshes(batch):
    made = [Mesh(number) for number in range(FIRST, FIRST + COUNT)]
    return list(zip(range(FIRST, FIRST + COUNT), made, batch([mesh.case for mesh in made])))


def test_the_verdict_is_the_models(meshes):
    wrong = [(number, answer["verdict"], answer["code"], answer["why"], len(judged(mesh)))
             for number, mesh, answer in meshes if (answer["verdict"] == "ACCEPT") != bool(judged(mesh))]
    assert wrong == []


def test_the_path_and_its_policies_are_the_models(meshes):
    wrong = []
    for number, mesh, answer in meshes:
        valid = judged(mesh)
        if answer["verdict"] == "ACCEPT" and valid and valid.get(tuple(answer["path"])) != set(answer["policies"]):
            wrong.append((number, answer["policies"], valid.get(tuple(answer["path"]))))
    assert wrong == []


def test_both_verdicts_are_common(meshes):
    accepted = sum(answer["verdict"] == "ACCEPT" for _, _, answer in meshes)
    assert COUNT * 0.2 < accepted < COUNT * 0.8
