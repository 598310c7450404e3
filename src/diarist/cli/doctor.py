"""``diarist doctor``: what is installed, what is missing, and whether it runs."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from diarist.errors import printable

MARKS = {"ok": "ok", "missing": "MISSING", "failed": "FAILED", "note": "note"}


@click.command("doctor", epilog="Example: diarist doctor --json")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def command(as_json: bool) -> int:
    """Check the installation: packages, models, device, cache, and a run on a short recording.

    Exit code 0 if everything that is needed works, else 1.
    """
    from diarist.cli.checks import all_checks
    from diarist.settings import load_settings

    checks = []
    for check in all_checks(load_settings()):
        checks.append(check)
        if not as_json:
            click.echo(printable(f"{MARKS[check.state]:<8} {check.name:<22} {check.detail}"))
            if check.remedy:
                click.echo(f"{'':<31} {printable(check.remedy)}")
    working = all(check.state in ("ok", "note") for check in checks)
    if as_json:
        click.echo(json.dumps({"ok": working, "checks": [asdict(check) for check in checks]}, indent=2))
    return 0 if working else 1
