"""The board: what is true now, for everyone who watches. It can be lost at any time and is written anew."""
