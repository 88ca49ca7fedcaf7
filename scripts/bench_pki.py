"""Path building and revocation beside OpenSSL and Go, on the same files, one after another in one run; `make bench-pki` runs these alone.

Times are CPU of the process, the median of batches: on a machine that is shared nothing else can be trusted.
"""
import json
import os
import pathlib
import subprocess

import bench_meshes as meshes

ROOT = pathlib.Path(__file__).resolve().parents[1]
WORK = ROOT / ".build" / "bench"
OURS = ROOT / ".build" / "release" / "HallpassBench"
OPENSSL, GO = WORK / "openssl-verify", WORK / "go-verify"
# A peer that thinks longer about one leaf is stopped.
PATIENCE = 30
MILLISECOND = 1000


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, **options).stdout


def figures(*command):
    return {each["name"]: each for each in map(json.loads, run(*command).splitlines())}


def peers():
    run("cc", "-O2", "-o", OPENSSL, ROOT / "scripts" / "openssl-verify.c", "-lcrypto")
    run("go", "build", "-o", GO, ROOT / "scripts" / "go-verify.go", env=os.environ | {"GOCACHE": str(WORK / "go-cache"), "GO111MODULE": "off"})


def chains(row):
    for kind, name, parsed_limit in [("p256", "3 × P-256", 1.6), ("rsa", "3 × RSA-2048", 2.5)]:
        files = meshes.chain(WORK, kind)
        ours, openssl, go = (figures(program, "path", *files) for program in [OURS, OPENSSL, GO])
        bare = ours["bare signature check"]["micros"]
        for what, limit in [("leaf parsed", 1.3), ("leaf's DER parsed", parsed_limit)]:
            value = ours[what]["micros"]
            row(f"{name}, warm graph, {what}", value, "the bare leaf signature check", bare, target=limit)
            peer, micros = min([("OpenSSL", openssl[what]["micros"]), ("Go", go[what]["micros"])], key=lambda each: each[1])
            row(f"{name}, warm graph, {what}", value, f"the best peer, {peer}", micros, target=1 / 1.6 if what == "leaf parsed" else None)
        row(f"{name}, cold: three parsed, one verified", ours["cold"]["micros"], "Go", go["cold"]["micros"], target=1.25)
        row(f"{name}, cold: three parsed, one verified", ours["cold"]["micros"], "OpenSSL", openssl["cold"]["micros"], target=0.5)
        row(f"{name}: one certificate parsed", ours["parse one certificate"]["micros"], "the bare leaf signature check", bare)


def patient(program, files):
    """What a peer says of a mesh, and how long it takes; it is stopped when it hangs."""
    try:
        out = subprocess.run([program, "once", *files], check=True, capture_output=True, text=True, timeout=PATIENCE).stdout
    except subprocess.TimeoutExpired:
        return f"stopped after {PATIENCE} s"
    answer = json.loads(out)
    return f"{answer['outcome']}, {answer['micros'] / MILLISECOND:.1f} ms"


def cross_certified(row):
    for named, limit in [(True, 100), (False, 1000)]:
        for reachable in [True, False]:
            files = meshes.cross_certified(WORK, reachable, named)
            ours = figures(OURS, "mesh" if named else "mesh-lax", *files)
            said = ours["once"]["outcome"]
            right = said.startswith("accepted") if reachable else said in ("path_not_found", "issuer_unknown")
            wrong = "" if right or (not named and said == "too_complex") else "WRONG: "
            what = f"20 CAs cross-certified, {'key identifiers' if named else 'one name, no identifiers'}, {'reachable' if reachable else 'no anchor'}"
            row(f"{what}: {wrong}{said}", ours["once"]["micros"] / MILLISECOND,
                f"limit (OpenSSL: {patient(OPENSSL, files)}; Go: {patient(GO, files)})", limit, unit="ms", target=0 if wrong else 1)
    harm = figures(OURS, "harm", *meshes.cross_certified(WORK, True, False), *meshes.chain(WORK, "p256"))
    row("login (99th of 100, on the wall) while the mesh of one name is walked", harm["login while a hostile mesh is walked"]["micros"], "alone",
        harm["login alone"]["micros"])


def compiling(row):
    times = {}
    for count in [50, 500, 5000]:
        ours = figures(OURS, "mesh", *meshes.hierarchies(WORK, count))
        times[count] = ours["compile"]["micros"] / MILLISECOND
        limit = {"target": 1} if count == 500 else {}
        row(f"compile {count} CA certificates in cross-certified hierarchies ({ours['once']['outcome']})", times[count], "1 s", 1000, unit="ms", **limit)
        row(f"leaf parsed, warm graph of {count} CA certificates", ours["leaf parsed"]["micros"], "limit", 1000)
    for small, large, growth in [(50, 500, 15.9), (500, 5000, 13.7)]:
        row(f"compiling, {large} beside {small} CA certificates", times[large] / times[small], "n log n", growth, unit="×", target=1)


def revocation(row):
    ours = figures(OURS, "crl", WORK)
    millions = {name.split(",")[0]: each["micros"] for name, each in ours.items() if "1000000 entries" in name}
    row("CRL of 1,000,000 entries parsed", millions["parse a CRL"] / MILLISECOND, "openssl crl -noout", millions["openssl crl -noout"] / MILLISECOND,
        unit="ms")
    row("held for each entry", ours["held for each entry of a CRL, bytes"]["value"], "limit", 40, unit="B", target=1)
    for which in ["listed", "not listed"]:
        row(f"look-up of a serial number that is {which}", ours[f"look up a serial number, {which}"]["micros"], "limit", 2, target=1)


def all_figures(row):
    peers()
    chains(row)
    cross_certified(row)
    compiling(row)
    revocation(row)
