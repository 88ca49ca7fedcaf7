"""What a scenario is: a drawing with the rule, a mesh, and the verdict that the rule gives."""
import inspect
from typing import NamedTuple

from .authority import NOW, Made, Seed

SCENARIOS = {}


class Scenario(NamedTuple):
    """`case` is one line of `hallpass verify --batch`; the rest is what must come back.

    `code` is empty for ACCEPT. `at` is the fingerprint of the certificate at fault. `path` and `policies` are checked where they are given.
    """
    case: dict
    code: str
    at: str | None = None
    path: list | None = None
    policies: list | None = None


def _texts(members):
    return [one.pem if isinstance(one, Made) else one for one in members]


def _case(leaf, anchors, pool=(), crls=(), **fields):
    inputs = {key: fields.pop(key) for key in list(fields) if key in INPUTS}
    case = {"peer_certificate": leaf.pem if isinstance(leaf, Made) else leaf, "trusted_certs": _texts(anchors),
            "untrusted_intermediates": _texts(pool), "crls": _texts(crls), "validation_time": NOW.isoformat(), "validation_kind": "CLIENT"}
    return case | fields | ({"inputs": inputs} if inputs else {})


INPUTS = {"initial_policy_set", "initial_explicit_policy", "initial_policy_mapping_inhibit", "initial_any_policy_inhibit", "revocation",
          "lax", "no_eku"}


def accept(leaf, anchors, pool=(), crls=(), path=None, policies=None, **fields):
    """ACCEPT, over this path (leaf first) and with this user-constrained-policy-set where they are given."""
    return Scenario(_case(leaf, anchors, pool, crls, **fields), "", None, [one.sha256 for one in path] if path else None, policies)


def reject(code, at, leaf, anchors, pool=(), crls=(), **fields):
    """REJECT with this code; `at` is the certificate at fault, None where there is none to point at."""
    return Scenario(_case(leaf, anchors, pool, crls, **fields), code, at.sha256 if at else None)


def scenario(make):
    """Registers a scenario under its module's and its own name. Its docstring draws the mesh and quotes the rule."""
    assert inspect.getdoc(make), f"{make.__name__} says nothing"
    identifier = f"{make.__module__.rsplit('.', 1)[-1]}/{make.__name__.replace('_', '-')}"
    assert identifier not in SCENARIOS, identifier
    SCENARIOS[identifier] = lambda: _seeded(identifier, make)
    return make


def unless_lax(make):
    """A rule of §4's profile: `make` gives the refusal under the strict profile; the same mesh is accepted with `lax` (contract.md)."""
    scenario(make)
    identifier = f"{make.__module__.rsplit('.', 1)[-1]}/{make.__name__.replace('_', '-')}"

    def lax():
        strict = _seeded(f"{identifier}-lax", make)
        return Scenario(strict.case | {"inputs": strict.case.get("inputs", {}) | {"lax": True}}, "")
    SCENARIOS[f"{identifier}-lax"] = lax
    return make


def _seeded(identifier, make):
    Seed.begin(identifier)
    return make()
