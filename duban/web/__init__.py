"""The pages: thin doors that read the clock, open a session, call one service, and show what it answers."""
