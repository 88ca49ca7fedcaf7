import IdentityServer
import ArgumentParser
print("hi")
