"""How the scenarios make certificates and CRLs: every byte is ours, so that odd and malformed ones can be made too."""
