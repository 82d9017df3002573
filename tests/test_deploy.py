"""What is in deploy/ is well-formed and agrees with itself and with the program. Nothing is started here."""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import kubernetes_validate
import pytest
import yaml
from msgspec.structs import fields

from tests.conftest import ROOT
from vendue.cli import GRACE_S
from vendue.log.port import PARTITIONS
from vendue.settings import PREFIX, Settings, read_settings
from vendue.system import STOP_WITHIN_S

DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
PARTS = ("api", "engine", "projector", "migrate")
WRITES_ITS_ROOT = {"kafka"}  # its start script does

FILLED = "A" * 43 + "="
"""What each secret may be: also 32 bytes in base64."""
SETTINGS = {PREFIX + field.name.upper() for field in fields(Settings)}


def _documents() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(KUBERNETES.rglob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text()):
            if "kind" in document and document["kind"] != "Kustomization":
                yield str(path.relative_to(KUBERNETES)), document


DOCUMENTS = list(_documents())
APPLIED = [document for path, document in DOCUMENTS if "example" not in path]
PODS = {each["metadata"]["name"]: each["spec"]["template"] for each in APPLIED if each["kind"] in ("Deployment", "Job")}


def _named(kind: str, name: str) -> dict[str, Any]:
    (found,) = [each for each in APPLIED if each["kind"] == kind and each["metadata"]["name"] == name]
    return found


def _only(template: dict[str, Any]) -> dict[str, Any]:
    (container,) = template["spec"]["containers"]
    return container  # type: ignore[no-any-return]


def _environment(values: dict[str, Any]) -> dict[str, str]:
    """As Compose would give it, with something in the place of every secret."""
    filled = {key: re.sub(r"\$\{\w+:\?[^}]*\}", FILLED, value) for key, value in values.items()}
    return {key: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value) for key, value in filled.items()}


@pytest.mark.parametrize("version", ["1.30", "1.37"])
@pytest.mark.parametrize(
    ("path", "document"), DOCUMENTS, ids=lambda each: each if isinstance(each, str) else each["kind"]
)
def test_every_manifest_is_of_its_schema(path: str, document: dict[str, Any], version: str) -> None:
    kubernetes_validate.validate(document, version, strict=True)


def test_the_compose_file_is_of_its_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, str(DEPLOY / "compose.yaml")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_variable_that_is_named_is_a_setting() -> None:
    for path in [*(path for path in DEPLOY.rglob("*") if path.is_file()), ROOT / "docs/production.md"]:
        named = set(re.findall(r"VENDUE_[A-Z_]*[A-Z]", path.read_text()))
        assert named <= SETTINGS, path


@pytest.mark.parametrize(
    "values",
    [
        _environment(COMPOSE["services"]["api"]["environment"]),
        _named("ConfigMap", "vendue")["data"],
        *(document["stringData"] for path, document in DOCUMENTS if "example" in path),
    ],
)
def test_every_value_is_one_that_a_start_takes(values: dict[str, str]) -> None:
    filled = {key: value if value != "REPLACE" else FILLED for key, value in values.items()}
    read_settings(environment=filled)


def test_a_part_is_given_what_it_uses_and_no_more() -> None:
    uses = {
        "api": "log board catalogue secret signing_key",
        "engine": "log board",
        "projector": "log catalogue",
        "migrate": "catalogue",
    }
    secrets = {
        document["metadata"]["name"]: set(document["stringData"]) for path, document in DOCUMENTS if "example" in path
    }
    for part, names in uses.items():
        given = set(COMPOSE["services"][part]["environment"])
        sources = [next(iter(each.values()))["name"] for each in _only(PODS[part])["envFrom"]]
        shown = set().union(*(secrets.get(name) or _named("ConfigMap", name)["data"] for name in sources))
        for setting in ("log", "board", "catalogue", "secret", "signing_key"):
            variable = PREFIX + setting.upper()
            assert (variable in given) == (setting in names.split()), part
            assert (variable in shown) == (setting in names.split()) or setting == "log", part


def test_no_secret_is_in_the_files() -> None:
    for path, document in DOCUMENTS:
        if document["kind"] == "Secret":
            assert "example" in path
            for key, value in document["stringData"].items():
                assert value == "REPLACE" or "://REPLACE:REPLACE@" in value, key
    secret = re.compile(r"SECRET|PASSWORD|AUTH$")
    for name, service in COMPOSE["services"].items():
        for key, value in service.get("environment", {}).items():
            assert not secret.search(key) or value.startswith("${"), (name, key)


def test_every_image_has_a_tag_that_names_a_version() -> None:
    images = [service["image"] for service in COMPOSE["services"].values()]
    images += re.findall(r"^ARG (?:PYTHON|NODE)=(.+)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert all(re.search(r":\d+\.\d+", image) for image in images), images
    kustomizations = [yaml.safe_load(path.read_text()) for path in KUBERNETES.rglob("kustomization.yaml")]
    assert [each["images"] for each in kustomizations] == [kustomizations[0]["images"]] * 2
    (image,) = kustomizations[0]["images"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", image["newTag"]) and {_only(pod)["image"] for pod in PODS.values()} == {
        image["name"]
    }


def test_every_manifest_is_applied_but_the_example() -> None:
    listed = set()
    for kustomization in KUBERNETES.rglob("kustomization.yaml"):
        listed |= {
            str((kustomization.parent / each).relative_to(KUBERNETES))
            for each in yaml.safe_load(kustomization.read_text())["resources"]
        }
    assert listed == {path for path, _ in DOCUMENTS if "example" not in path}


def test_what_selects_finds_what_it_should() -> None:
    for document in APPLIED:
        name, spec = document["metadata"]["name"], document.get("spec", {})
        match document["kind"]:
            case "Deployment" | "PodDisruptionBudget":
                assert _selected(spec["selector"]) == {name}
            case "Service" if "selector" in spec:
                assert _selected({"matchLabels": spec["selector"]}) == {name}
            case "HorizontalPodAutoscaler":
                assert "replicas" not in _named("Deployment", spec["scaleTargetRef"]["name"])["spec"]
            case "NetworkPolicy" if spec["podSelector"]:
                assert _selected(spec["podSelector"]), name
            case "Ingress":
                for path in spec["rules"][0]["http"]["paths"]:
                    _named("Service", path["backend"]["service"]["name"])


def _selected(selector: dict[str, Any]) -> set[str]:
    found = set()
    for name, pod in PODS.items():
        labels = pod["metadata"]["labels"]
        wanted = all(labels.get(key) == value for key, value in selector["matchLabels"].items())
        if wanted and all(labels[each["key"]] in each["values"] for each in selector.get("matchExpressions", ())):
            found.add(name)
    return found


@pytest.mark.parametrize("part", PARTS)
def test_a_pod_is_not_root_and_writes_only_where_it_may(part: str) -> None:
    pod, container = PODS[part]["spec"], _only(PODS[part])
    assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] > 0
    assert (
        pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        and not pod["automountServiceAccountToken"]
    )
    secured = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    assert container["securityContext"] == secured and container["args"] == [part]
    assert {mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")} == {"/tmp", "/data"}
    assert set(container["resources"]) == {"requests", "limits"}


@pytest.mark.parametrize("part", PARTS[:3])
def test_a_pod_is_asked_for_its_health(part: str) -> None:
    container = _only(PODS[part])
    (port,) = container["ports"]
    assert port == {"name": "http", "containerPort": Settings().port}
    asked = {name: container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")}
    assert asked.pop("readiness") == {"path": "/health/ready", "port": "http"}
    assert list(asked.values()) == [{"path": "/health/live", "port": "http"}] * 2
    asleep = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
    assert PODS[part]["spec"]["terminationGracePeriodSeconds"] - asleep >= 30 > 2 * (GRACE_S + STOP_WITHIN_S)


def test_there_are_no_more_engines_than_partitions() -> None:
    spec = _named("Deployment", "engine")["spec"]
    assert spec["replicas"] + spec["strategy"]["rollingUpdate"]["maxSurge"] <= PARTITIONS
    assert COMPOSE["services"]["engine"]["deploy"]["replicas"] <= PARTITIONS


@pytest.mark.parametrize(("name", "service"), COMPOSE["services"].items(), ids=list(COMPOSE["services"]))
def test_a_container_of_compose_has_no_more_rights_than_it_needs(name: str, service: dict[str, Any]) -> None:
    assert service["read_only"] is (name not in WRITES_ITS_ROOT)
    assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("user", "1").startswith(("0", "root")) and not service.get("privileged")
    assert {"cpus", "memory"} == set(service["deploy"]["resources"]["limits"])
    assert name == "migrate" or name == "proxy" or "test" in service["healthcheck"]
    assert set(service.get("depends_on", ())) <= set(COMPOSE["services"])


def test_the_image_is_not_root_and_copies_what_the_context_holds() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    final = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", final, re.MULTILINE)
    assert 'ENTRYPOINT ["vendue"]' in final and "STOPSIGNAL SIGTERM" in final and "/health/live" in final
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
    assert {name.partition("/")[0] for line in copied for name in line.split()} == let_in
    assert all((ROOT / name).exists() for name in let_in)


def test_a_name_that_the_proxy_leads_to_is_a_service() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    assert re.findall(r"server (\S+) resolve", text) == [f"api:{Settings().port}"]
    assert set(re.findall(r"listen (\d+)", text)) == {COMPOSE["services"]["proxy"]["ports"][0].rpartition(":")[2]}


def test_strangers_are_not_told_how_the_parts_are() -> None:
    """What is open to them asks Kafka, Redis and the database nothing, or little."""
    text = (DEPLOY / "nginx.conf").read_text()
    locations = dict(re.findall(r"^        location (.+?) \{[^\n]*\n\s+(.+?);", text, re.MULTILINE))
    assert {path for path, does in locations.items() if does == "return 404"} == {"^~ /metrics", "^~ /health"}
    through = {path for path in locations if path.startswith("= /health")}
    assert through == {"= /health/live", "= /health/ready"}
    paths = _named("Ingress", "api")["spec"]["rules"][0]["http"]["paths"]
    leads = {(each["path"], each["pathType"]): each["backend"]["service"]["name"] for each in paths}
    assert leads.pop(("/", "Prefix")) == "api"
    assert leads.pop(("/metrics", "Prefix")) == leads.pop(("/health", "Prefix")) == "closed"
    assert leads == dict.fromkeys([("/health/live", "Exact"), ("/health/ready", "Exact")], "api")
