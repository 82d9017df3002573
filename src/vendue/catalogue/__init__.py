"""The catalogue: cars, users, auctions and bids as people query them."""
