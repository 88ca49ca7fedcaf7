"""Writes keys.json and tokens made with joserfc, an implementation that knows nothing of ours, into the folder given."""

import json
import pathlib
import sys
import time

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

folder = pathlib.Path(sys.argv[1])
key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": "department-check"})
forger = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": "department-check"})
now = int(time.time())
claims = {
    "iss": "https://id.example", "sub": "a-1", "aud": ["permits", "https://id.example/userinfo"], "client_id": "permits",
    "iat": now, "exp": now + 300, "jti": "family.1", "scope": "openid",
    "acr": "urn:example:acr", "amr": ["hwk"], "auth_time": now, "sid": "s-1",
    "legal_person": {"uscc": "91440000PDY00001XK", "name": "示例有限公司"}, "certificate_kind": "master",
    "grant": {"parameters": {}, "until": now + 3600},
}


def write(name: str, claims: dict, key: ECKey = key, typ: str = "at+jwt") -> str:
    token = jwt.encode({"alg": "ES256", "typ": typ, "kid": "department-check"}, claims, key)
    (folder / name).write_text(token)
    return token


(folder / "keys.json").write_text(json.dumps(KeySet([key]).as_dict(private=False)))
good = write("good.jwt", claims)
write("expired.jwt", {**claims, "exp": now - 3600})
write("forged.jwt", claims, forger)
write("id.jwt", claims, typ="JWT")
none = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0Iiwia2lkIjoiZGVwYXJ0bWVudC1jaGVjayJ9"  # {"alg":"none","typ":"at+jwt","kid":"department-check"}
(folder / "none.jwt").write_text(f"{none}.{good.split('.')[1]}.")
