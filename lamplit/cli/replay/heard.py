"""From free words to what the catalogue knows. A small table, read in order; whatever it does not know counts as the graver.

Each family gives at most one trouble, and the first pattern of a family that fits decides. A text may tell of several
families at once: a leak, damp and no power are three troubles with a clock each.
"""

import re

from lamplit.basics.plain import Plain
from lamplit.repairs.actions import Said

# family: (pattern, fault, flags)
FAULTS: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "gas": ((r"smell\w* (of )?gas|gas (leak|escape)", "gas_smell", ("gas_smell",)),),
    "monoxide": ((r"carbon monoxide", "carbon_monoxide", ("carbon_monoxide",)),),
    "structure": (
        (
            r"(ceiling|roof|wall|floor)\b[^.;]{0,40}\b(sag|bulg|collaps|cav(es|ed|ing) in|fall|fell|came down|com(es|ing) down)",
            "ceiling_down",
            ("structural",),
        ),
    ),
    "electrics": (
        (r"spark|burning smell|electric shock|bare wire", "electric_unsafe", ("electric_danger",)),
        (r"no (electric\w*|power)[^.;]{0,30}(floor|room|part|kitchen|half)|(sockets|lights) (are )?out", "power_part", ()),
        (r"partial loss of (power|electric)", "power_part", ()),
        (r"(no|loss of|lost|without) (all )?(the )?(electric\w*|power)|power (is |went )?(off|out)", "power_off", ()),
    ),
    "leak": (
        (r"water (com|ris)\w+ up|through the [^.;]{0,20}floor", "leak_floor", ()),
        (r"(leak|water|drip)[^.;]{0,40}(home|flat) above|from (the )?(above|upstairs)|upstairs[^.;]{0,30}leak", "leak_from_above",
         ("from_above",)),
        (r"(roof|loft)[^.;]{0,20}leak|leak[^.;]{0,20}(roof|loft)|rain com\w+ in|lets water into", "leak_roof", ()),
        (r"burst|main\b[^.;]{0,20}leak", "leak_pipe", ("leak_not_contained",)),
        (r"(toilet|wc)[^.;]{0,20}leak|leak[^.;]{0,20}(toilet|wc)", "leak_toilet", ()),
        (r"(bath|sink|shower|basin|washing machine)[^.;]{0,20}leak|leak[^.;]{0,30}(bath|sink|shower|basin)", "leak_fitting", ()),
        (r"leak|drip|water (pour|com|runn)\w+|flood", "leak_unknown", ()),
    ),
    "damp": ((r"damp|mould|mold|condensation|black spots", "damp_mould", ()),),
    "heating": (
        (r"no heating (or|and) (no )?hot water", "heating_hot_water_off", ()),
        (r"(no|without|loss of) hot water", "hot_water_off", ()),
        (r"(no|without|loss of) heating|boiler[^.;]{0,20}(broke|not work|fail)|heating[^.;]{0,20}(not work|broke|fail|off)",
         "heating_off", ()),
    ),
    "water": ((r"(no|without|loss of) (running )?water\b", "no_water", ("no_water",)),),
    "drains": (
        (r"sewage|foul water|toilet[^.;]{0,20}overflow", "sewage", ("sewage",)),
        (r"(only )?(toilet|wc)[^.;]{0,30}(block|not flush|broke|not work)", "toilet_blocked", ()),
        (r"block\w+ (drain|sink|bath)|(drain|sink|bath)[^.;]{0,15}block", "drain_slow", ()),
    ),
    "security": (
        (r"(door|home|flat)[^.;]{0,25}(not|cannot be|won't|does not) lock|broken lock|insecure", "door_no_lock", ("no_lock",)),
        (r"window[^.;]{0,25}(broke|smash|crack)", "glass_broken", ()),
        (r"window[^.;]{0,25}(not close|rot|draught|not shut)", "window_insecure", ()),
    ),
    "lift": ((r"\blift\b[^.;]{0,25}(broke|out of|not work|fail)", "lift_out", ()),),
    "alarm": ((r"smoke alarm[^.;]{0,25}(broke|missing|not work|fail)", "smoke_alarm", ()),),
    "asbestos": ((r"asbestos[^.;]{0,25}(broken|damaged|dust|exposed)", "asbestos", ()),),
    "pests": ((r"\b(rats?|mice|mouse)\b", "rats_mice", ()), (r"cockroach|bed ?bugs|insects", "insects", ())),
}  # fmt: skip
FLAGS = {
    r"(turned|turn|switched|shut) (\w+ )?(own )?water (supply )?off|turned off (his|her|their|the) water": "water_turned_off",
    r"(leak|water|drip)\w*[^.;]{0,60}(light|socket|switch|fuse|electric|smoke alarm)": "water_near_electrics",
    r"pouring|cannot (be )?(stop|contain)|flooding": "leak_not_contained",
    r"(whole|entire) wall|all (the )?rooms|several rooms|throughout": "mould_wide",
    r"asthma|breath|cough|chest infection|made (her|him|them) ill|unwell": "unwell",
    r"only toilet": "only_toilet",
}
# The order matters: what hangs in the bedroom above the kitchen is in the bedroom.
ROOMS = {
    r"bedroom": "bedroom", r"kitchen": "kitchen", r"bathroom|shower room": "bathroom", r"\btoilet\b|\bwc\b": "toilet",
    r"hall|stair|landing": "hall", r"living room|lounge": "living_room", r"loft|roof": "loft", r"garden|outside": "outside",
}  # fmt: skip
# What an event of ours is about when it names no trouble.
GROUPS = {
    r"roof|pipe|plumb|leak|water": "leak", r"electric|power|light|socket": "electrics", r"damp|mould": "damp",
    r"heat|boiler|radiator": "heating", r"drain|toilet|sewage": "drains", r"ceiling|wall|structur": "structure",
}  # fmt: skip
_BECAUSE = r"because of|caused by|due to|as a result of"
# Flags that say something of these families alone.
ABOUT = {
    "water_near_electrics": ("leak", "structure"), "leak_not_contained": ("leak",), "mould_wide": ("damp",), "unwell": ("damp",),
    "water_turned_off": ("leak", "water"), "only_toilet": ("drains",),
}  # fmt: skip


class Heard(Plain, frozen=True, kw_only=True):
    """What a text tells. `causes` are troubles that it names as the cause of the others; `group` what it may be about.

    `apart`: she does not want to deal with somebody. `above`: it comes from the home above. `decided`: it says whose pipe or
    duty it is. `until`: the last day of works that it names.
    """

    troubles: tuple[Said, ...] = ()
    causes: tuple[Said, ...] = ()
    group: str | None = None
    apart: bool = False
    above: bool = False
    emergency: bool = False
    complaint: bool = False
    asbestos: bool = False
    decided: bool = False
    mended: bool = False
    came: bool = False
    waits: bool = False
    survey: bool = False
    ordered: bool = False
    cause: str | None = None
    until: str | None = None


def heard(text: str) -> Heard:
    """Hear what a text tells."""
    said = text.lower()
    found = re.search(r"(?:^|;|,) *(?:the |an? )?([^;,.]{3,60}?) (?:is|was) the cause", said)
    until = re.search(r"\bto (\d{4}-\d{2}-\d{2})", said)
    parts = re.split(_BECAUSE, said, maxsplit=1)
    effects = _troubles(parts[0])
    behind = _troubles(parts[1]) if len(parts) == 2 and effects else ()
    return Heard(
        troubles=effects if behind else _troubles(said),
        causes=behind,
        group=next((group for pattern, group in GROUPS.items() if re.search(pattern, said)), None),
        apart=_any(said, r"altercation|threat|afraid|does not want|wish\w* not to|avoids?|harass|asks the landlord to speak"),
        above=_any(said, r"(home|flat) above|upstairs|from above"),
        emergency=_any(said, r"\bemergency\b|urgent"),
        complaint=_any(said, r"\bcomplain"),
        asbestos=_any(said, r"asbestos"),
        decided=_any(said, r"boundary|whose (pipe|duty|responsib)|responsib\w+ (is|lies)|water company confirms"),
        mended=_any(
            said, r"\b(repairs|repaired|mends|mended|fixes|fixed|replaces|replaced|renews|renewed|completes|works from)\b"
        ),
        came=_any(said, r"\b(attend|attends|visits?|visited|inspects?|inspected|finds?|found|plumber|surveyor|operative)\b"),
        waits=_any(said, r"no work until|waits? for|awaiting|until the|on hold|delayed"),
        survey=_any(said, r"survey"),
        ordered=_any(said, r"\b(raises|raised|orders|ordered|arranges|arranged|books|booked)\b"),
        cause=found[1].strip() if found else None,
        until=until[1] if until else None,
    )


def _any(said: str, pattern: str) -> bool:
    return re.search(pattern, said) is not None


def _troubles(said: str) -> tuple[Said, ...]:
    flags = {flag for pattern, flag in FLAGS.items() if re.search(pattern, said)}
    troubles = []
    for family, patterns in FAULTS.items():
        for pattern, fault, own in patterns:
            if found := re.search(pattern, said):
                more = {flag for flag in flags if family in ABOUT.get(flag, tuple(FAULTS))}
                troubles.append(Said(fault=fault, room=_room(said, found.start()), flags=tuple(sorted({*own, *more}))))
                break
    return tuple(troubles)


def _room(said: str, at: int) -> str | None:
    """Return the room named in the clause in which a trouble stands, else the first one named at all."""
    begin = max(said.rfind(mark, 0, at) for mark in ",;.") + 1
    end = min((found for mark in ",;." if (found := said.find(mark, at)) >= 0), default=len(said))
    for clause in (said[begin:end], said):
        for pattern, room in ROOMS.items():
            if re.search(pattern, clause):
                return room
    return None
