"""`Tokens` can be had alone: the fixture package outside the main one builds, links no OpenSSL, LDAP or SQLite, and verifies."""
import pathlib
import subprocess

FIXTURE = pathlib.Path(__file__).resolve().parents[1] / "Fixtures" / "DepartmentProgram"


def test_a_departments_program_needs_tokens_alone():
    check = subprocess.run([FIXTURE / "check.sh"], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout[-3000:] + check.stderr[-3000:]
