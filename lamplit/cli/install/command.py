"""`lamplit install`: asks, says what it will do, does it, and looks whether all is well."""

import argparse
import os
import sys
import time
from pathlib import Path

from lamplit.cli.install.steps import Step, System, steps
from lamplit.cli.installation import answers as told
from lamplit.cli.installation import layout
from lamplit.cli.installation.machine import Machine
from lamplit.cli.say import Failed, WrongUse, say, warn


def install(asked: argparse.Namespace) -> int:
    """Install on this machine, or go on where it was cut off."""
    if asked.write_files:
        write_files()
        return 0
    machine = Machine()
    _look_at_machine(machine, plan_only=asked.plan)
    answers = _answers(asked, machine)
    if System(answers, machine).has_settings():
        from lamplit.cli.install import inside

        inside.use_settings(machine)
    plan = steps(answers, machine)
    open_steps = _tell(plan)
    if asked.plan:
        return 0
    if open_steps and not asked.yes:
        _agree()
    for step in plan:
        if not step.done():  # a step before it may have changed what it starts from
            _do(step)
    return _after(answers, machine)


def write_files() -> None:
    """Write settings, services and the front server's site as this release has them. For an upgrade, and for going back."""
    machine = Machine()
    system = System(told.read(machine.at(told.KEPT)), machine)
    system.write_settings()
    system.write_units()
    system.make_front()


def _look_at_machine(machine: Machine, *, plan_only: bool) -> None:
    if os.geteuid() != 0 and not plan_only:
        raise Failed("Installing needs root: sudo lamplit install.")
    if not machine.at("/etc/debian_version").exists():
        raise Failed(
            "This installs on Debian 12 or later, and on Ubuntu 24.04 or later. docs/install.md says what other systems need."
        )
    if not (machine.at("/opt/lamplit/current/bin/lamplit").exists() or plan_only):
        raise Failed("Lamplit does not stand in /opt/lamplit/current. Run ./setup in the folder of the release first.")


def _answers(asked: argparse.Namespace, machine: Machine) -> told.Answers:
    kept = machine.at(told.KEPT)
    if asked.answers:
        return told.read(Path(asked.answers))
    return told.read(kept) if kept.exists() else told.ask()


def _tell(plan: list[Step]) -> list[Step]:
    """Say every step and whether it is done. Returns those that are not."""
    say("This is what belongs to an installation:")
    open_steps = []
    for step in plan:
        done = step.done()
        say(f"  {'is done ' if done else 'to do   '}  {step.words}.")
        if not done:
            open_steps.append(step)
    say("Files and packages of others are left as they are. docs/install.md says how to take Lamplit off again.")
    return open_steps


def _agree() -> None:
    if not sys.stdin.isatty():
        raise WrongUse("This needs a person's word. Add --yes where there is no terminal.")
    say("Type yes to do it: ", end="")
    if sys.stdin.readline().strip() != "yes":
        raise Failed("Nothing was changed.")


def _do(step: Step) -> None:
    begun = time.monotonic()
    say(f"{step.words} ...")
    step.do()
    if not step.done():
        raise Failed("That was done and does not show. Run `lamplit doctor`, then this again.")
    warn(f"  done in {time.monotonic() - begun:.0f} s")


def _after(answers: told.Answers, machine: Machine) -> int:
    """Let the administrators in, and look whether all is well."""
    from lamplit.cli import nights
    from lamplit.cli.doctor import command as doctor
    from lamplit.cli.install import inside
    from lamplit.cli.installation.services import Services
    from lamplit.cli.running import stores

    inside.use_settings(machine)
    links = inside.make_administrators(answers.administrators) if answers.standby is None else []
    if machine.systemd_runs:
        Services().wait_until_well()
    else:
        warn("No systemd runs here: the services start when the machine does. What they do is not checked.")
    for name, address in stores():
        nights.check_store(name, address)
    code = doctor.look(quiet=True)
    for who, link in links:
        say(f"\n{who.name} chooses her password here, once, within 24 hours:\n  {link}")
    if links:
        say("\nGive each link to its owner by hand or by phone, to nobody else. `lamplit staff link EMAIL` makes a new one.")
    if answers.standby is not None:
        say("`lamplit standby key` prints what main needs: the key of its signature, and the one that main seals keys to.")
        say(f"The pages: https://{answers.host}/. Who may declare does it at https://{answers.host}/standby/declare.")
        return code
    if answers.take_away != "print":
        say(f"Take {answers.take_away} away now: the custodian's key and the log's belong into two safes, far from here.")
    if not answers.far_store:
        say("There is no locked store yet. Until there is one, whoever burns this machine burns the record: see docs/install.md.")
    say(f"The pages: https://{answers.host}/ and for staff https://{answers.host}/desk/. Settings: {layout.ENVIRONMENT}.")
    return code
