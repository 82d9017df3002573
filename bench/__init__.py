"""The figures: one file a figure, each beside its limit or peer, measured in the same run."""
