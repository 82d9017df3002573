"""The api: what browsers and programs talk to."""
