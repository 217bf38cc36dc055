"""What goes wrong in homes, how often, how people put it, and the answers that lead there."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from lamplit.cli.seed.story import Story
from lamplit.repairs.facts import Answer
from lamplit.repairs.rules import Outcome, Tree, rule_book

# Fault, weight in summer, weight in winter, only in "block" or "house" homes, what she says.
FAULTS: list[tuple[str, float, float, str, tuple[str, ...]]] = [
    (
        "heating_off",
        2,
        9,
        "",
        ("The heating has not come on since last night.", "Radiators stay cold, the boiler shows a fault."),
    ),
    ("hot_water_off", 4, 5, "", ("No hot water at all.", "The hot water went off this morning.")),
    (
        "heating_hot_water_off",
        1,
        7,
        "",
        ("No heating and no hot water, the boiler is dead.", "The boiler shows F22 and does nothing."),
    ),
    ("heating_part", 1, 5, "", ("The radiator in the bedroom never gets warm.",)),
    ("boiler_noise", 2, 3, "", ("The boiler bangs when it starts.",)),
    ("boiler_leak", 2, 3, "", ("Water drips from under the boiler.",)),
    (
        "leak_from_above",
        3,
        4,
        "block",
        ("Water is coming through the bathroom ceiling again.", "There is a wet patch on the ceiling and it grows."),
    ),
    ("leak_pipe", 4, 5, "", ("A pipe under the sink is leaking.", "The pipe behind the toilet drips all day.")),
    ("leak_fitting", 5, 5, "", ("The bath leaks when it drains.", "Water under the washing machine.")),
    ("leak_toilet", 3, 3, "", ("The toilet leaks at the back.",)),
    ("leak_roof", 1, 3, "house", ("Rain comes in at the chimney.",)),
    (
        "damp_mould",
        2,
        7,
        "",
        ("There is black mould on the bedroom wall and it comes back.", "Mould behind the wardrobe. My son coughs at night."),
    ),
    ("damp_window", 1, 3, "", ("The windows are wet every morning and the frames go black.",)),
    ("power_off", 1, 1, "", ("All the power is off, only in my home.",)),
    ("power_part", 2, 3, "", ("The kitchen sockets are dead.",)),
    ("power_trips", 2, 3, "", ("The electric keeps tripping when I use the oven.",)),
    ("socket_broken", 4, 4, "", ("A socket in the living room is cracked.",)),
    ("light_broken", 4, 5, "", ("The bathroom light does not work with a new bulb.",)),
    ("fan_broken", 4, 4, "", ("The bathroom fan stopped.",)),
    ("electric_fixture", 2, 2, "", ("The electric shower has no power.",)),
    ("tap_drips", 6, 6, "", ("The kitchen tap drips.",)),
    ("tap_stuck", 2, 2, "", ("I cannot turn the bath tap off fully.",)),
    ("water_part", 1, 1, "", ("Hardly any water comes from the kitchen tap.",)),
    ("no_water", 0.5, 0.8, "", ("There is no water at all.",)),
    ("toilet_no_flush", 5, 5, "", ("The toilet does not flush.", "The flush button has gone in and stays in.")),
    ("toilet_blocked", 5, 5, "", ("The toilet is blocked and rises when I flush.",)),
    ("toilet_loose", 3, 3, "", ("The toilet seat fixings broke.",)),
    ("sink_blocked", 5, 5, "", ("The kitchen sink will not drain.",)),
    ("drain_slow", 1, 1, "house", ("The drain outside smells.",)),
    ("door_no_lock", 2, 2, "", ("The front door does not lock any more.",)),
    ("locked_out", 1, 1, "", ("I am locked out, the key turns and nothing happens.",)),
    ("window_insecure", 1, 1, "", ("The bedroom window handle came off, it does not shut.",)),
    ("window_stuck", 4, 4, "", ("The living room window is stuck and draughty.",)),
    ("door_stuck", 3, 4, "", ("The front door sticks when it rains.",)),
    ("door_inside", 3, 3, "", ("The bathroom door does not close.",)),
    ("gutter", 1, 3, "house", ("The gutter overflows at the front.",)),
    ("roof_worn", 1, 2, "house", ("Two tiles slipped after the wind.",)),
    ("cracks_small", 3, 3, "", ("The plaster in the hall is loose.",)),
    ("floor_broken", 1, 1, "", ("A floorboard in the hall gave way.",)),
    ("rail_loose", 1, 1, "", ("The banister is loose.",)),
    ("cupboard", 3, 3, "", ("The door fell off a kitchen cupboard.",)),
    ("basin_broken", 2, 2, "", ("The wash basin is cracked.",)),
    ("shower_broken", 3, 3, "", ("The shower only runs cold.",)),
    ("tiles_seal", 3, 3, "", ("The seal round the bath has gone black and lets water through.",)),
    ("grab_rail", 1, 1, "", ("The grab rail by the bath is loose.",)),
    ("lift_out", 1.5, 1.5, "block", ("The lift is stuck on the third floor.",)),
    ("entry_open", 1, 1, "block", ("The street door does not lock, anyone can walk in.",)),
    ("entryphone", 2, 2, "block", ("The entryphone is dead.",)),
    ("shared_lights", 1.5, 2, "block", ("No lights on our landing.",)),
    ("rats_mice", 2, 2, "", ("We hear mice behind the kitchen units.",)),
    ("insects", 1.5, 1, "", ("Cockroaches in the kitchen.",)),
    ("alarm_beeps", 3, 3, "", ("The smoke alarm beeps every minute.",)),
    ("smoke_alarm", 1, 1, "", ("The smoke alarm fell down.",)),
    ("fence_gate", 3, 3, "house", ("A fence panel came down.",)),
    ("path_trip", 1, 1, "house", ("A slab on the path has lifted.",)),
    ("gas_smell", 0.3, 0.5, "", ("I smell gas by the cooker.",)),
    ("carbon_monoxide", 0.1, 0.2, "", ("The carbon monoxide alarm went off.",)),
    ("something_else", 1, 1, "", ("I am not sure what it is, there is a humming in the wall.",)),
]
SAYS = {fault: says for fault, _, _, _, says in FAULTS}

# Group -> what was found, what was done, the cause.
FOUND: dict[str, list[tuple[str, str, str]]] = {
    "leak": [
        ("Compression joint weeping onto the boxing.", "Renewed the joint, ran and dried.", "Perished olive in the joint."),
        ("Waste pipe had slipped out of the trap.", "Refitted and sealed the waste.", "Loose trap, no bracket."),
        ("Failed seal round the bath above.", "Cut out the old seal and renewed it.", "Worn seal."),
    ],
    "damp": [
        (
            "18 to 24 % on the outside wall, fan not working.",
            "Treated and washed down, fan renewed.",
            "No working extraction and a cold bridge at the lintel.",
        ),
        (
            "Mould at the window reveal, wall below the sill wet.",
            "Resealed the frame, treated the reveal.",
            "Failed seal outside the window.",
        ),
    ],
    "heating": [
        ("No ignition, electrode burnt.", "New electrode, tested hot water and heating.", "Worn electrode."),
        ("Pressure at 0.2 bar.", "Topped up to 1.2 bar and traced the loss to a valve.", "Weeping valve on the hall radiator."),
        ("Pump seized.", "Renewed the pump.", "Sludge in the system."),
    ],
    "electrics": [
        ("RCD trips under load on the ring.", "Found a damaged cable and renewed it, tested.", "Screw through the cable."),
        ("Accessory burnt out.", "Renewed and tested.", "Loose terminal."),
    ],
    "drains": [
        ("Blocked at the bend.", "Cleared with a rod and flushed.", "Fat and wipes."),
        ("Flush valve broken.", "New flush valve.", "Worn part."),
    ],
}
ANY_FOUND = [
    ("As reported.", "Mended and tried in front of the tenant.", "Wear."),
    ("Part broken.", "Renewed the part.", "Age of the part."),
]


@dataclass(frozen=True)
class Way:
    """Answers that lead to a fault, and what they amount to."""

    answers: tuple[Answer, ...]
    outcome: Outcome


@cache
def ways() -> dict[str, list[Way]]:
    """Return for each fault some ways to it through the questions, those that tell of fewest dangers."""
    wanted, found = {fault for fault, *_ in FAULTS}, dict[str, list[tuple[int, Steps]]]()
    for fault, flags, steps in _walk(rule_book().tree, rule_book().tree.start, None, frozenset(), ()):
        if fault in wanted:
            found.setdefault(fault, []).append((len(flags), steps))
    return {fault: _calmest(listed) for fault, listed in found.items()}


ROOMS = ("kitchen", "bathroom", "bedroom", "hall")
Steps = tuple[tuple[str, str | None], ...]  # question and option


def _walk(
    tree: Tree, at: str, fault: str | None, flags: frozenset[str], steps: Steps
) -> Iterator[tuple[str, frozenset[str], Steps]]:
    """Yield ways from a question on by somebody who is not hurt: the fault, the dangers told, the answers. Four rooms will do."""
    if at == "end":
        if fault is not None:
            yield fault, flags, steps
        return
    question = tree.questions[at]
    if question.kind == "text":
        yield from _walk(tree, question.next or "end", fault, flags, (*steps, (at, None)))
    only_where = all(option.room and not option.fault for option in question.options)
    for option in question.options:
        if option.code != "hurt" and (option.room in ROOMS or not only_where):
            told = flags | set(option.flags) | ({f"unsure of {at}"} if option.unsure else set())
            yield from _walk(tree, option.next, fault or option.fault, told, (*steps, (at, option.code)))


def _calmest(listed: list[tuple[int, Steps]]) -> list[Way]:
    """The ways with fewest dangers and answers, at most ten."""
    least = min((flags, len(steps)) for flags, steps in listed)
    return [_way(steps) for flags, steps in listed if (flags, len(steps)) == least][:10]


def _way(steps: Steps) -> Way:
    tree = rule_book().tree
    answers = tuple(tree.answer(question, option, SAYS["something_else"][0]) for question, option in steps)
    outcome = tree.walk(answers)
    assert isinstance(outcome, Outcome)  # noqa: S101 - the steps lead to an end
    return Way(answers, outcome)


def choose(story: Story, month: int, *, block: bool) -> tuple[str, Way]:
    """Return a fault for the season and the kind of home, and a way to it."""
    winter, kind = month in (11, 12, 1, 2, 3), "block" if block else "house"
    fault = story.dice.choices(*_table(winter, kind))[0]
    return fault, story.dice.choice(ways()[fault])


@cache
def _table(winter: bool, kind: str) -> tuple[list[str], list[float]]:
    rows = [(fault, in_winter if winter else in_summer) for fault, in_summer, in_winter, only, _ in FAULTS if only in ("", kind)]
    return [fault for fault, _ in rows], [weight for _, weight in rows]
