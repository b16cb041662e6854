"""A machine of its own for Postfix: namespaces in which nothing but loopback exists."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.toolchain import ROOT

# Folders and files of the machine that Postfix sees its own copies of.
FOLDERS = ("/etc/postfix", "/var/spool/postfix", "/var/lib/postfix", "/var/log", "/var/mail")
FILES = {
    "/etc/hosts": "127.0.0.1 localhost\n198.51.100.7 hosted.example\n",
    "/etc/resolv.conf": "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\nservices: files\n",
}
# A user of the machine, who gets mail.
USER = "anna:x:7001:7001::/var/mail/anna:/bin/sh\n"
# Every address in them is this machine's: the clients of the scenarios, and the next hops.
NETWORKS = ("192.0.2.0/24", "198.51.100.0/24")
NAMESPACES = "--mount --net --pid --uts --ipc --fork --kill-child --mount-proc".split()
COMMANDS = {
    "unshare": "util-linux",
    "flock": "util-linux",
    "mount": "mount",
    "hostname": "hostname",
    "ip": "iproute2",
    "openssl": "openssl",
    "postfix": "postfix",
    "saslpasswd2": "sasl2-bin",
}
# The release whose replies the scenarios expect.
RELEASE = "3.7"
# All of it, so that nothing of the user's own leads Postfix elsewhere.
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}


def missing() -> list[str]:
    """What this machine lacks to run Postfix, each in words of its own."""
    if sys.platform != "linux":
        return [f"Linux (this is {sys.platform})"]
    if os.geteuid() != 0:
        return ["root (namespaces, mounts and port 53 need it)"]
    lacking = [
        f"the command {command} (Debian package {package})"
        for command, package in COMMANDS.items()
        if shutil.which(command, path=ENVIRONMENT["PATH"]) is None
    ]
    if lacking:
        return lacking
    version = command("postconf", "-dh", "mail_version").strip()
    if not version.startswith(f"{RELEASE}."):
        lacking.append(f"Postfix {RELEASE} (this is {version})")
    if not any(Path("/usr/lib/postfix").glob("postfix-pcre.so")):
        lacking.append("pcre tables for Postfix (Debian package postfix-pcre)")
    if not any(Path("/usr/lib").glob("*/sasl2/liblogin.so")):
        lacking.append("SASL mechanisms (Debian package libsasl2-modules)")
    try:
        command("unshare", *NAMESPACES, "mount", "-t", "tmpfs", "none", "/mnt")
    except RuntimeError as error:
        lacking.append(f"the right to make namespaces and mounts ({error})")
    return lacking


def run(module: str, *arguments: object) -> None:
    """Run a Python module in namespaces of its own; its processes all end with it."""
    python = [sys.executable, "-B", "-m", module, *map(str, arguments)]
    subprocess.run(["unshare", *NAMESPACES, *python], cwd=ROOT, env=ENVIRONMENT, check=True)


def furnish(folder: Path) -> None:
    """Put copies of the machine's folders and files, kept in a folder, before the real ones."""
    command("mount", "--make-rprivate", "/")
    for place in FOLDERS:
        own = folder / place[1:]
        own.mkdir(parents=True)
        if place == "/etc/postfix":
            shutil.copytree(place, own, symlinks=True, dirs_exist_ok=True)
        command("mount", "--bind", own, place)
    users = {"/etc/passwd": Path("/etc/passwd").read_text() + USER}
    for place, content in (FILES | users).items():
        own = folder / place[1:]
        own.write_text(content)
        command("mount", "--bind", own, place)
    command("hostname", "mx.example.com")
    command("ip", "link", "set", "lo", "up")
    for network in NETWORKS:
        command("ip", "address", "add", network, "dev", "lo")


def command(*words: object, send: str = "") -> str:
    """What a command prints; it must succeed."""
    done = subprocess.run(
        [str(word) for word in words],
        env=ENVIRONMENT,
        input=send,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()
        raise RuntimeError(f"{words[0]}: {said}")
    return done.stdout
