#!/usr/bin/env bash
# Builds the department's program and shows that `Tokens` can be had alone: neither OpenSSL nor libldap nor SQLite is linked, the
# server's own libraries are not even compiled, and a token by an independent library (joserfc) is verified or refused as it should be.
# Everything it makes lies under .build of the main package. Needs .build/venv (`make test` makes it).
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../../.. && pwd)
scratch=$root/.build/department-program
python=$root/.build/venv/bin/python

# The main package has resolved and fetched these already: the same versions, no second download.
[ -f "$root/Package.resolved" ] && cp "$root/Package.resolved" Package.resolved
swift build --scratch-path "$scratch" ${SWIFT_BUILD_FLAGS:-}
program=$(swift build --scratch-path "$scratch" --show-bin-path ${SWIFT_BUILD_FLAGS:-})/DepartmentProgram

linked=$(ldd "$program")
if grep -iE 'libssl|libcrypto|libldap|liblber|sqlite' <<<"$linked"; then
    echo "DepartmentProgram links what a department need not have" >&2
    exit 1
fi
if find "$scratch" -name '*.o' | grep -E '/(Hummingbird|GRDB|NIOCore|PKI|Registry|IdentityServer)\.build/'; then
    echo "building Tokens compiled more than Tokens" >&2
    exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" make_tokens.py "$work"

# expect STATUS TEXT TOKEN [AUDIENCE]: the program's exit status, and what its output contains.
expect() {
    local status=0 output
    output=$("$program" "$work/keys.json" "$work/$3" https://id.example "${4:-permits}" 2>&1) || status=$?
    if [ "$status" != "$1" ] || ! grep -qF -- "$2" <<<"$output"; then
        echo "$3: exit $status, $output; expected $1, $2" >&2
        exit 1
    fi
    echo "$3: $output"
}
expect 0 91440000PDY00001XK good.jwt
expect 1 audience_mismatch good.jwt taxes
expect 1 expired expired.jwt
expect 1 signature_invalid forged.jwt
expect 1 algorithm_not_permitted none.jwt
expect 1 type_mismatch id.jwt
echo "DepartmentProgram: imports Tokens alone"
