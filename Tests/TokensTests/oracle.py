"""The other side of OracleTests.swift: joserfc signs for us and verifies what we signed, knowing nothing of our code.

Standard input: {"keys": JWK Set, "tokens": [compact JWS, …]}. Standard output: {"read": [{"header", "claims"} or {"error"}, …],
"thumbprints": [of those keys], "keys": JWK Set, "signed": [compact JWS of each claims set it read]}.
"""

import json
import sys

from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet

request = json.load(sys.stdin)
keys = KeySet.import_key_set(request["keys"])
own = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": "oracle"})


def read(token: str) -> dict:
    try:
        verified = jws.deserialize_compact(token, keys, algorithms=["ES256"])
        return {"header": verified.headers(), "claims": json.loads(verified.payload)}
    except Exception as error:
        return {"error": type(error).__name__}


results = [read(token) for token in request["tokens"]]
signed = [
    jwt.encode({"alg": "ES256", "typ": result["header"]["typ"], "kid": "oracle"}, result["claims"], own)
    for result in results
    if "claims" in result
]
json.dump(
    {
        "read": results,
        "thumbprints": [key.thumbprint() for key in keys.keys],
        "keys": KeySet([own]).as_dict(private=False),
        "signed": signed,
    },
    sys.stdout,
)
