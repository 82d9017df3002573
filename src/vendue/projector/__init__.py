"""The projector: events -> catalogue."""

from vendue.projector.projector import NotAlone, Projector, check_log

__all__ = ["NotAlone", "Projector", "check_log"]
