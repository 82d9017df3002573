"""Whether some order of the log explains all that clients saw, decided from what they saw and from nothing else.

A record (record.py) holds the requests, answers, frames and pages of all clients, with one clock. The checker reads
it against the rules as their page states them (model.py): first observations that contradict each other
(conflicts.py), then the order in which every one of them comes true (order.py). Neither imports anything of vendue.
"""
