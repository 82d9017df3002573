"""The log: every command and event in one durable order."""
