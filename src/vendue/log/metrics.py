"""What the log counts for Prometheus: how much becomes durable at once, and how long that takes."""

from vendue.metrics import Histogram

commit_records = Histogram(
    "vendue_commit_records",
    "Records that became durable together: in one commit of the file, or between two looks at what Kafka confirmed",
    (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000),
)
commit_seconds = Histogram(
    "vendue_commit_seconds",
    "Seconds that this took: writing and syncing the file, or the first of those records on its way to Kafka and back",
    (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)
