import Hummingbird
import AsyncHTTPClient
import Tokens
print("hi")
