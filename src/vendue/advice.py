"""What to do about a part that is down, by what it stands on; told beside its fault in /health."""

from vendue.settings import Settings

_LATER = "it goes on by itself once it is back."
LOG = {
    "sqlite": "See in the log why: the disk that holds VENDUE_DATA may be full or failing. " + _LATER.capitalize(),
    "kafka": "See that the brokers of VENDUE_LOG run and can be reached from here; bids are answered 503 or 202 until "
    "then, and " + _LATER,
}
BOARD = (
    "See that the Redis of VENDUE_BOARD runs and can be reached from here, and that user and password are right. "
    "Bids are decided meanwhile, watchers hear nothing new; " + _LATER
)
CATALOGUE = {
    "sqlite": "See in the log why (catalogue_broken): the disk is full, or the file damaged; then restore a backup.",
    "other": "See that the database of VENDUE_CATALOGUE runs, takes connections from here and is migrated "
    "(vendue migrate); the log says why (catalogue_broken). Bids are decided meanwhile; " + _LATER,
}
FILES = {
    "folder": "See that files/ in VENDUE_DATA is there and can be written, and that its disk has room.",
    "s3": "See that the bucket of VENDUE_FILES is there and its key still good. Bidding goes on without photos.",
}
MAIL = {
    "print": "Letters are printed on standard output.",
    "smtp": "See that the mail server of VENDUE_MAIL runs, can be reached from here and takes its user and password. "
    "Bidding goes on; who forgot a password waits.",
}
ENGINE = "Look in its log for engine.rewound and engine.handed_over; with Kafka, see that all brokers run."


def advice_for(settings: Settings) -> dict[str, str]:
    """By part."""
    return {
        "log": LOG["sqlite" if settings.log == "sqlite" else "kafka"],
        "engine": ENGINE,
        "board": BOARD,
        "catalogue": CATALOGUE["sqlite" if settings.catalogue == "sqlite" else "other"],
        "files": FILES["folder" if settings.files == "folder" else "s3"],
        "mail": MAIL["print" if settings.mail == "print" else "smtp"],
    }
