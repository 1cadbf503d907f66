"""Later days: what units ask for, and what the issuer answers."""
