"""The steps of a hazard case under Awaab's Law as one table. Clocks follow from times (awaab.py), not from these."""

from typing import NamedTuple

from lamplit.basics.refusal import Refused


class Step(NamedTuple):
    """On one track of a case: in state `before`, `event` leads to state `after`."""

    track: str
    before: str
    event: str
    after: str


# Tracks run side by side: the hazard itself, getting in, somewhere else to stay, and somebody else's consent.
AWAAB_STEPS: tuple[Step, ...] = (
    Step("hazard", "reported", "triaged_none", "none_expected"),
    Step("hazard", "reported", "triaged_significant", "significant_expected"),
    Step("hazard", "reported", "triaged_emergency", "emergency_expected"),
    # New knowledge (somebody is unwell, a photo came) raises what was triaged lower.
    Step("hazard", "none_expected", "triaged_significant", "significant_expected"),
    Step("hazard", "none_expected", "triaged_emergency", "emergency_expected"),
    Step("hazard", "significant_expected", "triaged_emergency", "emergency_expected"),
    Step("hazard", "significant_expected", "investigation_begun", "investigating"),
    Step("hazard", "emergency_expected", "investigation_begun", "investigating"),
    Step("hazard", "none_expected", "investigation_begun", "investigating"),
    Step("hazard", "investigating", "concluded_none", "concluded_none"),
    Step("hazard", "investigating", "concluded_significant", "concluded_hazard"),
    Step("hazard", "investigating", "concluded_emergency", "concluded_hazard"),
    # An emergency is made safe first and written up after: 24 hours against 3 working days.
    Step("hazard", "emergency_expected", "made_safe", "safe_not_concluded"),
    Step("hazard", "investigating", "made_safe", "safe_not_concluded"),
    Step("hazard", "safe_not_concluded", "concluded_none", "concluded_none"),
    Step("hazard", "safe_not_concluded", "concluded_significant", "safe_not_told"),
    Step("hazard", "safe_not_concluded", "concluded_emergency", "safe_not_told"),
    Step("hazard", "concluded_none", "summary_sent", "no_hazard_told"),
    Step("hazard", "concluded_hazard", "summary_sent", "told"),
    Step("hazard", "concluded_hazard", "made_safe", "safe_not_told"),
    Step("hazard", "told", "made_safe", "made_safe"),
    Step("hazard", "safe_not_told", "summary_sent", "made_safe"),
    # No summary is needed when all work is finished, and she is told so, within its days.
    Step("hazard", "concluded_hazard", "all_finished_and_told", "complete"),
    Step("hazard", "safe_not_told", "all_finished_and_told", "complete"),
    Step("hazard", "made_safe", "preventative_started", "preventative_started"),
    Step("hazard", "made_safe", "completed", "complete"),
    Step("hazard", "preventative_started", "completed", "complete"),
    # She may ask for a visit after a remote investigation, and more may be needed to find the cause.
    Step("hazard", "no_hazard_told", "renewed_investigation_asked", "investigating"),
    Step("hazard", "told", "renewed_investigation_asked", "investigating"),
    Step("hazard", "told", "further_investigation_needed", "investigating"),
    # A new report or a material change opens it again: the clocks run from that day.
    Step("hazard", "none_expected", "material_change", "reported"),
    Step("hazard", "no_hazard_told", "material_change", "reported"),
    Step("hazard", "complete", "material_change", "reported"),
    Step("access", "open", "no_access", "tried_once"),
    Step("access", "tried_once", "no_access", "tried_twice"),
    Step("access", "tried_twice", "no_access", "tried_three_times"),
    Step("access", "tried_three_times", "no_access", "tried_three_times"),
    Step("access", "tried_once", "access_given", "open"),
    Step("access", "tried_twice", "access_given", "open"),
    Step("access", "tried_three_times", "access_given", "open"),
    Step("accommodation", "not_needed", "alternative_offered", "offered"),
    Step("accommodation", "offered", "alternative_offered", "offered"),
    Step("accommodation", "offered", "alternative_accepted", "accepted"),
    Step("accommodation", "offered", "alternative_declined", "declined"),
    Step("accommodation", "declined", "alternative_offered", "offered"),
    # Taking the offer secures a place to stay (F). Only an empty home stops the clock of making it safe (A2, A3).
    Step("accommodation", "accepted", "moved_out", "moved_out"),
    Step("accommodation", "accepted", "moved_back", "not_needed"),
    Step("accommodation", "moved_out", "moved_back", "not_needed"),
    Step("consent", "not_needed", "consent_asked", "awaiting_third_party"),
    Step("consent", "awaiting_third_party", "consent_given", "not_needed"),
    Step("consent", "awaiting_third_party", "consent_exhausted", "exhausted"),
    Step("consent", "exhausted", "consent_given", "not_needed"),
)

FIRST_STATE = {"hazard": "reported", "access": "open", "accommodation": "not_needed", "consent": "not_needed"}

_NEXT = {(step.track, step.before, step.event): step.after for step in AWAAB_STEPS}
_TRACK = {step.event: step.track for step in AWAAB_STEPS}


def awaab_step(states: dict[str, str], event: str) -> dict[str, str]:
    """Return the states of all tracks after an event.

    Refused: repairs.no_such_hazard_step, repairs.hazard_step_out_of_turn.
    """
    track = _TRACK.get(event)
    if track is None:
        raise Refused("repairs.no_such_hazard_step", step=event)
    before = states.get(track, FIRST_STATE[track])
    after = _NEXT.get((track, before, event))
    if after is None:
        raise Refused("repairs.hazard_step_out_of_turn", step=event, state=before)
    return {**FIRST_STATE, **states, track: after}
