"""Longer runs, bounded in count: mutated certificates through the batch verifier, memory over many verifications and many logins."""
import base64
import json
import pathlib
import random
import re
import subprocess

import bench_meshes
import hall

MUTATIONS = 20_000
LOGINS = 400


def der(pem):
    return bytearray(base64.b64decode("".join(re.findall(r"-----BEGIN CERTIFICATE-----(.*?)-----END", pem, re.S)[0].split())))


def pem(data):
    return "-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(bytes(data)).decode() + "-----END CERTIFICATE-----\n"


def test_no_mutated_certificate_stops_the_batch_or_passes(demo):
    person = demo.person(kind="master", expect="login")
    leaf, issuer = (hall.ROOT / person["certificate"]).read_text(), (hall.ROOT / person["chain"]).read_text()
    chance = random.Random(20261121)
    lines = []
    for number in range(MUTATIONS):
        data = der(leaf)
        for _ in range(chance.randint(1, 4)):
            position = chance.randrange(len(data))
            data[position] = (data[position] + chance.randint(1, 255)) % 256
        lines.append(json.dumps({"id": str(number), "trusted_certs": [issuer], "peer_certificate": pem(data), "validation_kind": "CLIENT"}))
    run = subprocess.run([str(hall.BINARY), "verify", "--batch"], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [str(number) for number in range(MUTATIONS)]
    assert {answer["verdict"] for answer in answers} == {"REJECT"}
    assert all(answer["code"] for answer in answers)


def memory(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1))


def test_logins_do_not_grow_the_server(demo):
    out = subprocess.run(["ps", "-e", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    server = next(int(line.split()[0]) for line in out.splitlines()
                  if " serve " in line and line.split()[1] == str(demo.process.pid) or "hallpass serve" in line and str(demo.folder) in line)
    person = demo.person(kind="master", expect="login")
    for _ in range(LOGINS // 2):
        assert demo.log_in_by_challenge(person)[1] is None
    half = memory(server)
    for _ in range(LOGINS // 2):
        assert demo.log_in_by_challenge(person)[1] is None
    assert memory(server) < half * 1.15, "the second half of the logins needs no more than the first"


def test_a_million_verifications_need_no_more_memory():
    """Parsed, validated over a warm graph, every tenth with its CA brought along: resident memory stays within 5 %."""
    work = hall.ROOT / ".build" / "bench"
    work.mkdir(parents=True, exist_ok=True)
    files = bench_meshes.chain(work, "p256")
    run = subprocess.run([hall.ROOT / ".build" / "release" / "HallpassBench", "steady", *files, "1000000"], capture_output=True, text=True, check=True)
    figures = {each["name"]: each["value"] for each in map(json.loads, run.stdout.splitlines())}
    assert figures["growth over 1000000 verifications"] <= 1.05, figures
