"""Puts what is built into the wheel and the source package: the islands and the compiled translations."""

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuiltPartsHook(BuildHookInterface):
    """In a clone, makes what is missing or out of date; a source package has it already."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects files. Raises RuntimeError when a part is missing."""
        if version == "editable":
            return
        root = Path(self.root)
        if (root / ".git").exists():
            subprocess.run(["make", "--no-print-directory", "assets"], cwd=root, check=True)
        package = root / "src" / "homeshore"
        parts = [package / "web" / "static" / "built" / "manifest.json"]
        parts += [catalogue.with_suffix(".mo") for catalogue in package.rglob("*.po")]
        missing = [str(part.relative_to(root)) for part in parts if not part.exists()]
        if missing:
            raise RuntimeError(f"Not built: {', '.join(missing)}. Build in a clone, with make wheel.")
