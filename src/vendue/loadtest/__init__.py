"""`vendue loadtest`: bidders and watchers at any running Vendue, what they measured, and whether it was all true."""

from vendue.loadtest.plan import BadPlan, Plan
from vendue.loadtest.run import run_loadtest

__all__ = ["BadPlan", "Plan", "run_loadtest"]
