"""`openssl verify` on a line of the batch: an independent verdict for plain chains."""
import pathlib
import re
import subprocess
import tempfile
from datetime import datetime


def verdict(case):
    """None if OpenSSL accepts, else what it says."""
    inputs = case.get("inputs", {})
    moment = int(datetime.fromisoformat(case["validation_time"]).timestamp())
    with tempfile.TemporaryDirectory() as folder:
        def file(name, texts):
            path = pathlib.Path(folder, name)
            path.write_text("".join(texts))
            return str(path)
        command = ["openssl", "verify", "-x509_strict", "-partial_chain", "-attime", str(moment), "-policy_check",
                   "-CAfile", file("anchors", case["trusted_certs"])]
        if case["untrusted_intermediates"]:
            command += ["-untrusted", file("pool", case["untrusted_intermediates"])]
        if not inputs.get("no_eku"):
            command += ["-purpose", "sslclient"]
        if case["crls"]:
            # For -crl_check_all the anchor needs a list too; where there is nothing between it and the leaf, only the leaf is checked.
            scope = "-crl_check_all" if case["untrusted_intermediates"] else "-crl_check"
            command += ["-CRLfile", file("lists", case["crls"]), scope, "-extended_crl"]
        # OpenSSL needs anyPolicy named, or an explicit policy is never met.
        for policy in inputs.get("initial_policy_set") or ["2.5.29.32.0"]:
            command += ["-policy", policy]
        for name, option in [("initial_explicit_policy", "-explicit_policy"), ("initial_policy_mapping_inhibit", "-inhibit_map"),
                             ("initial_any_policy_inhibit", "-inhibit_any")]:
            command += [option] if inputs.get(name) else []
        run = subprocess.run([*command, file("leaf", [case["peer_certificate"]])], capture_output=True, text=True, timeout=60)
    if run.returncode == 0:
        return None
    found = re.search(r"error (\d+ at \d+ depth lookup: .*)|(?:unable to load|Could not \w+) (.*)", run.stdout + run.stderr)
    return found.group(0) if found else "error " + (run.stdout + run.stderr)[-200:]
