"""A Kafka with a door of each kind: TLS, TLS for those with a certificate, SASL, both; and who may do what in it."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.servers.kafka import Broker, broker

PASSWORD = "hidden word:%$"
USER = "vendue"
"""May do anything, as may who comes by the plain listener."""
SETTINGS = """
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,TLS:SSL,MUTUAL:SSL,SASL:SASL_PLAINTEXT,BOTH:SASL_SSL
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS;User:vendue;User:CN=vendue
ssl.keystore.type=PEM
ssl.keystore.location={folder}/server
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca
listener.name.mutual.ssl.client.auth=required
sasl.enabled.mechanisms=SCRAM-SHA-512,SCRAM-SHA-256,PLAIN
"""
SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"


def certificates(folder: Path) -> None:
    """By `ca`: `server` (of 127.0.0.1) and `client` (CN=vendue), with their keys; by `other-ca`: `stranger`."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl here to make certificates: apt-get install openssl")
    for name in ("ca", "other-ca"):
        _openssl(folder, "req", "-x509", *_new(f"{name}.key", f"/CN={name}"), "-out", name)
    for name, by, subject, more in (
        ("server", "ca", "/CN=kafka", ["-addext", "subjectAltName=IP:127.0.0.1"]),
        ("client", "ca", "/CN=vendue", []),
        ("stranger", "other-ca", "/CN=vendue", []),
    ):
        signed = ["-CA", by, "-CAkey", f"{by}.key", "-out", f"{name}.cert"]
        _openssl(folder, "req", "-x509", *_new(f"{name}.key", subject), *signed, *more)
        pair = (folder / f"{name}.key").read_text() + (folder / f"{name}.cert").read_text()
        (folder / name).write_text(pair)


def _new(key: str, subject: str) -> list[str]:
    return ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-subj", subject]


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, cwd=folder, capture_output=True)


@contextlib.contextmanager
def running(folder: Path, passwords: Mapping[str, str]) -> Iterator[Broker]:
    """A broker with these users beside USER, with certificates in the folder; skips where there is none."""
    certificates(folder)
    every = {USER: PASSWORD, **passwords}
    accounts = " ".join(f'user_{name}="{word}"' for name, word in every.items())
    lines = [SETTINGS.format(folder=folder)]
    for door in ("sasl", "both"):
        lines += [f"listener.name.{door}.scram-sha-{size}.sasl.jaas.config={SCRAM}" for size in (256, 512)]
        lines += [f"listener.name.{door}.plain.sasl.jaas.config={PLAIN} {accounts};"]
    users: list[str] = []
    for name, word in every.items():
        for size in (256, 512):
            users += ["--add-scram", f'SCRAM-SHA-{size}=[name={name},password="{word}"]']
    with broker(doors=("TLS", "MUTUAL", "SASL", "BOTH"), more="\n".join(lines), users=users) as started:
        yield started
