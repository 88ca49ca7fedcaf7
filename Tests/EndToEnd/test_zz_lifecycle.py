"""The demo as a program: one at a time in a folder, everything it started ends with it, a second run reuses the folder. Runs last."""
import json
import subprocess

import requests

import conftest
import hall


def children(pid):
    out = subprocess.run(["ps", "-e", "-o", "pid=,ppid=,comm="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in out.splitlines()]
    family, grown = {str(pid)}, True
    while grown:
        more = {row[0] for row in rows if row[1] in family} - family
        family |= more
        grown = bool(more)
    return family - {str(pid)}


def test_health_is_told(demo):
    assert demo.session().get(f"{demo.issuer}/health/live").status_code == 200
    assert demo.session().get(f"{demo.issuer}/health/ready").status_code == 200
    assert "# TYPE" in demo.session().get(f"{demo.issuer}/metrics").text
    assert demo.session().get(f"{demo.issuer}/openapi.yaml").text.startswith("openapi:")


def test_every_file_that_the_description_names_exists(demo):
    description = demo.description
    files = [description["config"], description["tls_ca"], description["trust"], description["ldap"]["tls_ca"]]
    for person in demo.people:
        files += [person["certificate"], person["chain"], person["key"]] + ([person["pkcs12"]] if person["pkcs12"] else [])
    assert [name for name in files if not (hall.ROOT / name).exists()] == []


def test_a_second_demo_in_the_same_folder_says_that_it_is_in_use(demo):
    port = conftest.free_base()
    second = subprocess.run([str(hall.BINARY), "demo", "up", "--dir", str(demo.folder), "--port", str(port)], cwd=hall.ROOT,
                            capture_output=True, text=True, timeout=60)
    assert second.returncode == 1 and "use" in second.stderr


def test_a_port_that_is_taken_is_told_before_anything_starts(demo, tmp_path):
    second = subprocess.run([str(hall.BINARY), "demo", "up", "--dir", str(tmp_path / "d"), "--port", str(demo.port)], cwd=hall.ROOT,
                            capture_output=True, text=True, timeout=60)
    assert second.returncode == 1 and str(demo.port) in second.stderr


def test_the_end_takes_everything_along_and_a_second_run_reuses_the_folder(demo):
    family = children(demo.process.pid)
    assert len(family) >= 4, "server, window, nginx and slapd"
    assert conftest.stop_demo(demo.process) == 0
    alive = subprocess.run(["ps", "-o", "pid=", "-p", ",".join(family)], capture_output=True, text=True).stdout.split()
    assert alive == []

    person = demo.person(kind="master", expect="login")
    before = (hall.ROOT / person["certificate"]).read_text()
    again = conftest.start_demo(str(demo.folder), demo.port)
    try:
        description = json.loads((hall.ROOT / demo.folder / "demo.json").read_text())
        revived = hall.Hall(description, demo.folder, demo.port, again)
        same = revived.person(kind="master", expect="login", name=person["name"])
        assert (hall.ROOT / same["certificate"]).read_text() == before
        assert revived.log_in(same)[1] is None
    finally:
        assert conftest.stop_demo(again) == 0
