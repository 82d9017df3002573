"""Where the bytes of photos are kept, and how photos are made fit to be shown."""
