"""The registry desk: what comes by post."""
