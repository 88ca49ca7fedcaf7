"""Staff come from the directory: what changes there counts here within the interval. Changes are made with OpenLDAP's own tools."""
import os
import subprocess
import time

import hall


def ldap(demo, tool, *arguments, stdin=None):
    settings = demo.description["ldap"]
    environment = {**os.environ, "LDAPTLS_CACERT": str(hall.ROOT / settings["tls_ca"])}
    return subprocess.run(
        [tool, "-H", settings["url"], "-ZZ", "-x", "-D", settings["bind_dn"], "-w", settings["password"], *arguments],
        env=environment, input=stdin, capture_output=True, text=True, check=True).stdout


def find(demo, uid):
    out = ldap(demo, "ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-b", demo.description["ldap"]["base"], f"(uid={uid})")
    return out.splitlines()[0].removeprefix("dn: "), out


def wait_until(condition, seconds=30, pause=0.3):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(pause)
    return False


def test_a_person_removed_from_the_directory_is_out_within_the_interval(demo):
    staff = demo.description["staff"][-1]
    session, code = demo.log_in_by_password(staff["uid"], staff["password"])
    assert code is None and demo.who(session)
    dn, entry = find(demo, staff["uid"])
    ldap(demo, "ldapdelete", dn)
    try:
        assert wait_until(lambda: demo.who(session) is None), "the session outlived the person"
        assert demo.log_in_by_password(staff["uid"], staff["password"])[1] in ("credentials_invalid", "not_registered")
    finally:
        ldap(demo, "ldapadd", stdin=entry)
    # Few tries: an account that fails often is throttled.
    assert wait_until(lambda: demo.log_in_by_password(staff["uid"], staff["password"])[1] is None, pause=4)


def test_a_role_taken_away_closes_its_windows(demo):
    staff = next(s for s in demo.description["staff"] if s["windows"] and s["roles"]
                 and any(demo.windows[id]["entry"] == "granted" for id in s["windows"]))
    window = next(demo.windows[id] for id in staff["windows"] if demo.windows[id]["entry"] == "granted")
    session, _ = demo.log_in_by_password(staff["uid"], staff["password"])
    assert demo.enters(session, window)
    dn, _ = find(demo, staff["uid"])
    groups = ldap(demo, "ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-b", demo.description["ldap"]["base"], f"(member={dn})", "dn")
    names = [line.removeprefix("dn: ") for line in groups.splitlines() if line.startswith("dn: ")]
    assert names

    def change(kind):
        for name in names:
            ldap(demo, "ldapmodify", stdin=f"dn: {name}\nchangetype: modify\n{kind}: member\nmember: {dn}\n")

    change("delete")
    try:
        assert wait_until(lambda: not demo.enters(session, window)), "the role outlived its group"
    finally:
        change("add")
    assert wait_until(lambda: demo.enters(demo.log_in_by_password(staff["uid"], staff["password"])[0], window))


def bind(demo, dn, password, *options):
    environment = {**os.environ, "LDAPTLS_CACERT": str(hall.ROOT / demo.description["ldap"]["tls_ca"])}
    return subprocess.run(["ldapwhoami", "-H", demo.description["ldap"]["url"], "-x", "-D", dn, "-w", password, *options], env=environment,
                          capture_output=True, text=True).returncode


def test_the_manager_may_bind_without_tls_on_loopback_and_nobody_else(demo):
    settings, staff = demo.description["ldap"], demo.description["staff"][0]
    dn, _ = find(demo, staff["uid"])
    assert bind(demo, settings["bind_dn"], settings["password"]) == 0
    assert bind(demo, dn, staff["password"]) == 49
    assert bind(demo, dn, staff["password"], "-ZZ") == 0
