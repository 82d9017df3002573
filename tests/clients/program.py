"""What a program does with the Python client, told line by line: see test_clients.py."""

import json
import sys

from vendue_client import Refused, Vendue

address, password, auction, other = sys.argv[1:]


def tell(**what: object) -> None:
    print(json.dumps(what), flush=True)


house = Vendue(address)
house.sign_in("bidder", password)
tell(live=[row["documentId"] for row in house.auctions(**{"filters[status]": "live", "sort": "documentId"})])
tell(outcome=house.bid(auction, 200000, key="the-same")["outcome"])
try:
    house.bid(auction, 100)
except Refused as error:
    tell(code=error.code, minimum=error.details["minimum"])
for frame in house.watch([auction, other]):
    if "standing" in frame:
        tell(auction=frame["standing"]["auction"], seq=frame["standing"]["seq"], price=frame["standing"]["price"])
    else:
        tell(state=frame["you"]["state"], auction=frame["you"]["auction"])
