"""How long to look for counterexamples: HYPOTHESIS_PROFILE=thorough looks for many minutes."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("quick", max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=30_000)
RUNS = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
SOME_RUNS = settings(RUNS, max_examples=RUNS.max_examples // 3)
