"""The cars of the demo: models that exist, examples that do not."""

from random import Random
from typing import Any, NamedTuple

VIN = "DEMO"
"""How every demo car's vehicle number begins; its lot's number follows."""


class Model(NamedTuple):
    """A model, what a middling example is worth in whole euros, and in which markets it was sold."""

    make: str
    name: str
    body: str
    since: int
    until: int
    value: int
    sold: str = "EUR USD AUD"


class Example(NamedTuple):
    """A car: its attributes for the catalogue, its market's currency, what it is worth in minor units of that, and
    how it looks.
    """

    attributes: dict[str, Any]
    currency: str
    worth: int
    body: str
    colour: str


class Market(NamedTuple):
    """Where cars are, and what a euro is there."""

    currency: str
    rate: float
    places: tuple[str, ...]


MODELS = (
    Model("Alfa Romeo", "Giulia Veloce", "saloon", 2017, 2021, 24_800),
    Model("Audi", "A6 Avant", "estate", 2013, 2019, 19_900, "EUR AUD"),
    Model("BMW", "330i Touring", "estate", 2013, 2019, 19_500, "EUR"),
    Model("Chevrolet", "Corvette", "coupe", 2006, 2013, 36_000, "EUR USD"),
    Model("Citroën", "Berlingo", "van", 2012, 2019, 8_600, "EUR"),
    Model("Fiat", "500", "hatchback", 2010, 2020, 6_400),
    Model("Ford", "Mustang GT", "coupe", 2015, 2020, 33_000),
    Model("Ford", "Ranger Wildtrak", "pickup", 2016, 2022, 27_500, "EUR AUD"),
    Model("Holden", "Commodore SS", "saloon", 2010, 2017, 21_000, "AUD"),
    Model("Honda", "Civic Type R", "hatchback", 2015, 2020, 25_500, "EUR AUD"),
    Model("Jeep", "Wrangler Rubicon", "SUV", 2012, 2018, 28_000),
    Model("Land Rover", "Defender 110", "SUV", 2005, 2015, 38_000, "EUR AUD"),
    Model("Lexus", "RX 450h", "SUV", 2012, 2019, 24_500),
    Model("Mazda", "MX-5", "roadster", 2006, 2019, 11_800),
    Model("Mercedes-Benz", "E 220 d", "saloon", 2014, 2020, 18_900),
    Model("Mini", "Cooper S", "hatchback", 2012, 2019, 11_200),
    Model("Mitsubishi", "Pajero", "SUV", 2009, 2016, 14_900, "EUR AUD"),
    Model("Nissan", "Leaf", "hatchback", 2014, 2020, 9_500),
    Model("Peugeot", "308 SW", "estate", 2014, 2020, 10_300, "EUR AUD"),
    Model("Porsche", "911 Carrera", "coupe", 2005, 2012, 52_000),
    Model("Renault", "Clio", "hatchback", 2013, 2020, 7_200, "EUR AUD"),
    Model("Saab", "9-3 Aero", "saloon", 2004, 2010, 4_900, "EUR USD"),
    Model("Škoda", "Octavia Combi", "estate", 2013, 2020, 11_600, "EUR AUD"),
    Model("Subaru", "Outback", "estate", 2011, 2019, 14_200),
    Model("Tesla", "Model 3", "saloon", 2019, 2022, 26_000),
    Model("Toyota", "Hilux", "pickup", 2012, 2020, 23_500, "EUR AUD"),
    Model("Toyota", "Land Cruiser", "SUV", 2011, 2020, 34_000),
    Model("Volkswagen", "Golf GTI", "hatchback", 2014, 2020, 18_200),
    Model("Volkswagen", "Transporter", "van", 2008, 2015, 14_500, "EUR AUD"),
    Model("Volvo", "V70 D5", "estate", 2008, 2015, 7_800, "EUR"),
)
MARKETS = (
    Market("EUR", 1.0, ("Rotterdam", "Lyon", "Hamburg", "Milan", "Gothenburg", "Antwerp")),
    Market("USD", 1.1, ("Columbus, OH", "Sacramento, CA", "Austin, TX")),
    Market("AUD", 1.65, ("Brisbane", "Geelong", "Perth")),
)
_SHARES = (3, 2, 1)
"""How often a market comes up, where the model was sold in all."""
COLOURS = ("black", "white", "silver", "grey", "blue", "red", "green", "orange", "beige")
BODIES = ("saloon", "estate", "coupe", "hatchback", "SUV", "pickup", "van", "roadster")
_HISTORY = (
    "One owner from new, every service stamped.",
    "Two owners, main dealer until 2019, then a local garage.",
    "Company car, motorway miles, serviced on time.",
    "Bought for a restoration that never came.",
    "Family car, always garaged, no smoker.",
    "Imported in 2018, papers complete.",
)
_FLAWS = (
    "A car-park dent in the left rear door.",
    "Stone chips on the bonnet; the windscreen is new.",
    "Tyres are due before the winter.",
    "Air conditioning wants a recharge.",
    "Clean underneath, no warning lights.",
    "Boot carpet worn, a second key is missing.",
)
_CONDITIONS = (("Fair", 0.82), ("Good", 0.95), ("Very good", 1.05), ("Excellent", 1.15))


def example(rng: Random, model: Model, number: int) -> Example:
    """One of that model; `number` is its lot's."""
    market = rng.choices(
        MARKETS, [share * (each.currency in model.sold) for each, share in zip(MARKETS, _SHARES, strict=True)]
    )[0]
    year = rng.randint(model.since, model.until)
    age = model.until + 3 - year
    mileage = round(age * rng.uniform(7_000, 19_000), -3) + rng.randint(100, 899)
    condition, factor = rng.choice(_CONDITIONS)
    worth = model.value * factor * (1 + 0.03 * ((model.until - model.since) / 2 - (model.until - year)))
    colour = rng.choice(COLOURS)
    car = {
        "make": model.make,
        "model": model.name,
        "year": year,
        "mileage": int(mileage),
        "vin": f"{VIN}{number:013}",
        "description": f"{colour.capitalize()} {model.body}. {rng.choice(_HISTORY)} {rng.choice(_FLAWS)}",
        "condition": condition,
        "location": rng.choice(market.places),
    }
    return Example(car, market.currency, round(worth * market.rate) * 100, model.body, colour)
