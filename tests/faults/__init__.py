"""Real processes under faults: killed, on a full disk, with a log that was cut, and with unsynced writes dropped."""
