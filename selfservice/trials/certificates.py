"""A certificate authority that lives as long as the trials, for gyms that speak TLS."""

import shutil
import subprocess  # nosec B404  # programs of this machine, never by a shell
from dataclasses import dataclass
from pathlib import Path

_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")


@dataclass(frozen=True)
class Certificates:
    """The authority to trust, and the certificate with its key to serve."""

    authority: Path
    server: Path


def make_certificates(folder: Path) -> Certificates | None:
    """Return a throw-away authority and a certificate of 127.0.0.1; None on a machine without openssl."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return None
    made = Certificates(folder / "ca.pem", folder / "server.pem")
    key, request, signed, extra = (str(folder / f"server.{end}") for end in ("key", "csr", "crt", "ext"))
    ca_key = str(folder / "ca.key")
    Path(extra).write_text("subjectAltName=IP:127.0.0.1\n", "utf-8")
    ca = str(made.authority)
    _run(openssl, "req", "-x509", *_NEW_KEY, "-keyout", ca_key, "-out", ca, "-subj", "/CN=Trials")
    _run(openssl, "req", "-new", *_NEW_KEY[:-2], "-keyout", key, "-out", request, "-subj", "/CN=127.0.0.1")
    signing = ("-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-days", "2", "-extfile", extra)
    _run(openssl, "x509", "-req", "-in", request, *signing, "-out", signed)
    made.server.write_text(Path(signed).read_text("utf-8") + Path(key).read_text("utf-8"), "utf-8")
    return made


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)  # nosec B603  # noqa: S603 - openssl, found on the path
