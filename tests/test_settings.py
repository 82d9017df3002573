"""Settings: what is wrong is said in words, with what would be right."""

from pathlib import Path

import pytest

from vendue.settings import BadSetting, Settings, read_settings


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("VENDUE_PORT", "abc", "VENDUE_PORT: it must be a whole number from 0 to 65535."),
        ("VENDUE_PORT", "65536", "VENDUE_PORT: it must be a whole number from 0 to 65535."),
        ("VENDUE_BID_RATE", "0", "VENDUE_BID_RATE: it must be a number above 0, at most 1000000."),
        ("VENDUE_MAX_BODY_BYTES", "0", "VENDUE_MAX_BODY_BYTES: it must be a whole number from 1 to 10000000."),
        ("VENDUE_SECRET", "short", "VENDUE_SECRET: it must be text of at least 32 characters."),
        (
            "VENDUE_SIGNING_KEY",
            "A" * 44,
            "VENDUE_SIGNING_KEY: it must be 32 random bytes in base64, as `openssl rand -base64 32` makes them.",
        ),
        (
            "VENDUE_EARLIER_KEYS",
            "short",
            "VENDUE_EARLIER_KEYS: it must be the `x` of public keys as /.well-known/vendue showed them, by comma.",
        ),
        ("VENDUE_FILES", "s3:/x", "VENDUE_FILES: it must be folder, or s3:// and the name of a bucket."),
        ("VENDUE_FILES", "s3://../x", "VENDUE_FILES: it must be folder, or s3:// and the name of a bucket."),
        (
            "VENDUE_FILES_ENDPOINT",
            "s3.example.org",
            "VENDUE_FILES_ENDPOINT: it must be an address that begins with https:// or http://.",
        ),
        (
            "VENDUE_BOARD",
            "redis:/x",
            "VENDUE_BOARD: it must be memory, or an address that begins with redis:// or rediss://.",
        ),
        ("VENDUE_LOG_LEVEL", "loud", "VENDUE_LOG_LEVEL: choose one of debug, info, warning, error."),
    ],
)
def test_a_wrong_value_is_explained(variable: str, value: str, said: str) -> None:
    with pytest.raises(BadSetting, match=rf"^{said}$"):
        read_settings(environment={variable: value})


def test_an_empty_variable_is_none() -> None:
    assert read_settings(environment={"VENDUE_HOST": "", "VENDUE_PORT": ""}) == Settings()


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "vendue.toml"
    file.write_text("port = 1\nbid_burst = 7\n")
    read = read_settings(file, {"VENDUE_PORT": "2"})
    assert (read.port, read.bid_burst, read.host) == (2, 7, Settings().host)
