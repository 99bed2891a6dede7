"""If these fail, a shared host lets nurses at the files of the store, or more than that."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest

from tests.packages import roots
from tests.packages.roots import REPOSITORY, machine

SCRIPT = REPOSITORY / "distribution" / "site" / "shared_host.sh"
WRAPPER, RULE = "usr/local/bin/porras-work", "etc/sudoers.d/porras"
PROGRAM = '#!/bin/sh\necho "as $(id -un) in $HOME, with $# words, from ${SECRET:-nothing}"\n'


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "--group '' is no name"),
        (["--group", "nurses; id"], "is no name"),
        (["--group", "ALL"], "is no name"),
        (["--group", "%x"], "is no name"),
        (["--group", "-x"], "is no name"),
        (["--group", "g" * 32], "longer than 31"),
        (["--group"], "needs a value"),
        (["--group", "x", "--account", "a b"], "is no name"),
        (["--group", "x", "--account", "../root"], "is no name"),
        (["--group", "x", "--home", "relative"], "does not begin with /"),
        (["--group", "x", "--home", "/var/../etc"], "may not have"),
        (["--group", "x", "--program", "/opt/por ras"], "may not have"),
        (["--group", "x", "--program", "/opt/porras, ALL"], "may not have"),
        (["--group", "x", "--program", "/opt/*"], "may not have"),
        (["--all"], "is no option here"),
    ],
)
def test_strange_names_are_refused_before_anything_else(words: list[str], told: str) -> None:
    done = subprocess.run(["sh", SCRIPT, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Nothing was changed." in done.stderr


def test_the_help_names_every_option() -> None:
    done = subprocess.run(["sh", SCRIPT, "--help"], capture_output=True, text=True, check=True)
    for option in ("--group", "--check", "--remove", "--program", "--account", "--home"):
        assert option in done.stdout


class Host:
    """A Debian with sudo, entered without network as root or as a nurse."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "etc/hosts").write_text(f"127.0.0.1 localhost {socket.gethostname()}\n")

    def run(self, command: str, user: str = "root", code: int = 0) -> str:
        # Not bubblewrap, under which no program may become another user.
        inside = (
            'mount -t proc proc "$0/proc" && mount --bind /dev "$0/dev" && exec chroot "$0" "$@"'
        )
        apart: list[str | Path] = [
            "unshare",
            "--net",
            "--mount",
            "--pid",
            "--fork",
            "sh",
            "-c",
            inside,
            self.root,
        ]
        enter = ["su", "-s", "/bin/sh", user, "-c", command]
        done = subprocess.run([*apart, *enter], capture_output=True, text=True, check=False)
        assert done.returncode == code, (command, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def script(self, words: str, code: int = 0) -> str:
        return self.run(f"sh /media/stick/shared_host.sh {words}", code=code)

    def kept(self) -> dict[str, tuple[bytes, int]]:
        """What the script may write, with rights."""
        names = (WRAPPER, RULE, "etc/passwd", "etc/group", "var/lib")
        paths = [self.root / name for name in names]
        paths += sorted((self.root / "etc/sudoers.d").iterdir())
        return {
            str(path): (path.read_bytes() if path.is_file() else b"", path.stat().st_mode)
            for path in paths
            if path.exists()
        }


@pytest.mark.nightly
@pytest.mark.skipif(bool(roots.why_not()), reason=roots.why_not() or "it can be tried")
def test_a_host_is_prepared_used_and_cleared(tmp_path: Path) -> None:
    with machine("trixie", tmp_path, "sudo", "shellcheck") as made:
        host = Host(made.root)
        made.put(SCRIPT)
        host.run("pwconv")  # the nurse of the tests has no line for passwords yet
        assert host.run("shellcheck /media/stick/shared_host.sh") == ""
        _refused(host)
        program = host.root / "opt/porras/porras"
        _prepared(host, program)
        _used(host)
        _cleared(host)


def _refused(host: Host) -> None:
    """What is missing or open to others is told, and nothing is changed."""
    assert "there is no program" in host.script("--group nurses", 1)
    program = host.root / "opt/porras/porras"
    program.parent.mkdir(mode=0o777)
    program.parent.chmod(0o777)
    program.write_text(PROGRAM)
    program.chmod(0o755)
    asked = "--group nurses --program /opt/porras/porras"
    assert "may change the way to /opt/porras/porras" in host.script(asked, 1)
    program.parent.chmod(0o755)
    _refused_links(host)
    assert "there is no group nurses" in host.script(asked, 1)
    assert "only root" in host.run(f"sh /media/stick/shared_host.sh {asked}", "nurse", 1)
    host.run("groupadd nurses")
    assert "another folder" in host.script(f"{asked} --account nurse", 1)
    elsewhere = f"{asked} --account daemon --home /usr/sbin"
    assert "belongs to another than daemon" in host.script(elsewhere, 1)
    assert "belongs to another than mail" in host.script(
        f"{asked} --account mail --home /var/mail", 1
    )
    assert "may change the way to /tmp" in host.script(f"{asked} --home /tmp/new/home", 1)
    sudoers = host.root / "etc/sudoers"
    rules = sudoers.read_text()
    sudoers.write_text(rules.replace("@includedir", "# "))
    assert "does not look into /etc/sudoers.d" in host.script(asked, 1)
    sudoers.write_text(rules)
    assert "is root itself" in host.script(f"{asked} --account root --home /root", 1)
    (host.root / WRAPPER).write_text("#!/bin/sh\necho mine\n")
    assert "was not written by this script" in host.script(asked, 1)
    (host.root / WRAPPER).unlink()
    bad = host.root / "etc/sudoers.d/other"
    bad.write_text("this is no rule\n")
    before = host.kept()
    assert "do not hold as they are" in host.script(asked, 1)
    assert host.kept() == before
    bad.unlink()


def _refused_links(host: Host) -> None:
    """Every link on the way to the program counts, in whatever folder it lies."""
    host.run("ln -s /opt/porras/porras /home/nurse/second; ln -s /home/nurse/second /opt/first")
    host.run("ln -s /home/nurse /opt/people; chown nurse /opt/porras")
    for program in ("/opt/first", "/opt/people/second", "/opt/porras/porras"):
        told = host.script(f"--group nurses --program {program}", 1)
        assert f"others than root may change the way to {program}, here:" in told
        assert "nurse" in told
    host.run("chown root /opt/porras; ln -sfn /opt/porras/porras /opt/second")
    host.run("ln -sfn /opt/second /opt/first")
    assert "no group" in host.script("--group nurses --program /opt/first", 1), "all are root's"
    host.run("rm /opt/first /opt/second /opt/people /home/nurse/second")


def _prepared(host: Host, program: Path) -> None:
    assert program.exists()
    asked = "--group nurses --program /opt/porras/porras"
    before = host.kept()
    assert "account porras" in host.script(f"{asked} --check")
    assert host.kept() == before
    assert "Made." in host.script(asked)
    made = host.kept()
    assert "Nothing was changed" in host.script(asked)
    assert host.kept() == made
    (host.root / "var/lib/porras").chmod(0o755)
    assert "rights of /var/lib/porras" in host.script(asked), "what was opened is closed again"
    host.run("visudo -c")
    assert (host.root / RULE).stat().st_mode & 0o777 == 0o440


def _used(host: Host) -> None:
    assert "password is required" in host.run("sudo -n /usr/local/bin/porras-work", "nurse", 1)
    host.run("usermod -aG nurses nurse")
    told = host.run("SECRET=x porras-work", "nurse")
    assert told == "as porras in /var/lib/porras, with 0 words, from nothing\n"
    for command in ("/opt/porras/porras --db /tmp/x", "/bin/sh", "-s"):
        assert "required" in host.run(f"sudo -n -u porras {command}", "nurse", 1)
    assert "takes no arguments" in host.run("porras-work doctor", "nurse", 2)
    assert "denied" in host.run("ls /var/lib/porras", "nurse", 2)


def _cleared(host: Host) -> None:
    data = host.root / "var/lib/porras/porras.db"
    data.write_text("data")
    for words in ("--remove --account other", "--group nurses --account other --home /srv/other"):
        told = host.script(f"{words} --program /opt/porras/porras", 1)
        assert "lets people in by another account" in told, "its rule would stay in force"
    assert "stay, since there is data" in host.script("--remove")
    assert data.exists()
    assert not (host.root / WRAPPER).exists()
    assert not (host.root / RULE).exists()
    assert "required" in host.run("sudo -n -u porras /opt/porras/porras", "nurse", 1)
    data.unlink()
    # The shell is replaced by one that works as the account meanwhile.
    works = "setpriv --reuid porras --clear-groups sleep 30 & sleep 1"
    held = f"{works}; sh /media/stick/shared_host.sh --remove"
    assert "could not be taken away" in host.run(held, code=1)
    assert "is gone too" in host.script("--remove")
    assert "porras:" not in (host.root / "etc/passwd").read_text()
    host.script("--remove")
