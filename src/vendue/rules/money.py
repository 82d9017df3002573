"""Money: integers of a currency's minor unit (ISO 4217)."""

MAX_AMOUNT = 10**12

_OTHER_EXPONENTS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_TWO_DECIMALS = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF "
    "CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
    "MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS "
    "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD YER ZAR ZMW ZWG"
)

EXPONENTS: dict[str, int] = dict.fromkeys(_TWO_DECIMALS.split(), 2) | {
    code: exponent for exponent, codes in _OTHER_EXPONENTS.items() for code in codes.split()
}
"""Currency code -> number of decimals of its minor unit."""


def is_amount(value: object) -> bool:
    """True for an integer 1 … 10¹²; a bool, a float or a string is no amount."""
    return type(value) is int and 1 <= value <= MAX_AMOUNT


def show(amount: int, currency: str) -> str:
    """An amount for people: 1234500 USD -> "USD 12,345.00"."""
    exponent = EXPONENTS[currency]
    whole, rest = divmod(amount, 10**exponent)
    return f"{currency} {whole:,}" + (f".{rest:0{exponent}}" if exponent else "")
