"""Words of the refusals in an incident: only staff meet them."""

_STAFF = {
    "incidents.open_already": "One is open already. Say there what is new.",
    "incidents.not_open": "This incident is not open. What was said in it stays as it is.",
    "incidents.no_such_line": "Nothing was said under this number. Open the page again.",
    "incidents.no_such_service": "There is no such service. Choose one from the page.",
    "incidents.nothing_said": "Write what people should know, in plain words.",
    "incidents.too_long": "That is too long to read in a bad hour. Use at most {longest} characters in a box.",
    "incidents.aware_later": "You cannot have known it later than now. Check the day and the time.",
    "incidents.no_next": "Say when you write next. While an incident is open, everybody is promised the next update.",
    "incidents.next_passed": "The next update must be still to come. Check the day and the time.",
    "incidents.next_too_far": "Nobody can wait that long. The next update is at most {longest} away.",
    "incidents.back_passed": "It cannot be expected back in the past. Check the day and the time, or leave both empty.",
    "incidents.say_what_works": "Say what works now, since not all of it is down.",
    "incidents.say_instead": "Say what people can do instead.",
    "incidents.say_looked_at": "Say what was looked at: people need to know how we know.",
    "incidents.unchecked": (
        "This says that nothing happened, and nobody is named who looked. Write who checked (the firm or team, and the person),"
        " what they looked at and when. Or say that we do not know yet."
    ),
    "incidents.check_later": "Nobody can have looked later than now. Check the day and the time of the check.",
    "incidents.payment": (
        "This reads as if payment details changed, or it names an account. They never change in an incident: that is what a"
        " fraudster would write. Take it out."
    ),
    "incidents.sends_away": (
        "This tells people not to get in touch. In a bad hour that hides who is in danger. Say how they can reach us instead."
    ),
    "incidents.no_number": "Write a telephone number that people can ring.",
    "incidents.no_such_telling": "There are no such words. Open the page again.",
    "incidents.told_before": "Two people agreed to these words, and they go out. Prepare new ones to say more.",
    "incidents.newer_words": "Somebody prepared newer words. Read those.",
    "incidents.another_person": "You have agreed already. A second person must read the words and agree.",
    "incidents.no_such_outcome": "Choose what came of the call from the list.",
    "incidents.say_what_help": "Write what they need. It goes on the queue as a promise.",
    "incidents.no_next_call": "Say on which day somebody rings again.",
    "incidents.call_passed": "The next call must be today or later, and at most two months away.",
    "incidents.not_rung_here": "Do not ring this household from here. Ring the safeguarding lead.",
    "incidents.no_letters": "These letters go on already. Load the page again.",
    "incidents.answer_waits": "Somebody answered this letter. Read the answer first, and say on the queue that you did.",
    "incidents.no_promise": "No update is promised here. Open the page again.",
    "incidents.promise_over": "Its time has passed, so it cannot be moved. Say what is new instead.",
    "incidents.same_time": "That is the time that was promised. Choose another one.",
    "incidents.say_why": "Write why, in a few words. The public reads it.",
    "incidents.corrected_before": "This was corrected before. Correct the newer words.",
    "incidents.no_kind": "Say what it is about: the duties of that begin now. Choose at least one.",
    "incidents.no_such_kind": "Choose what it is about from the list.",
    "incidents.declared_before": "That was declared before. Its duties run already.",
    "incidents.no_such_duty": "This incident has no such duty. Declare first what it is about.",
    "incidents.duty_over": "This duty was done, or somebody decided that it is not needed.",
    "incidents.no_proof": "Write the reference that they gave you, or whom you spoke to. Else nobody can prove that it was done.",
    "incidents.say_why_not": "Write why it is not needed. Somebody will ask.",
    "incidents.still_down": "{service} does not work fully yet. Say first that it works.",
    "incidents.no_such_takeover": "That is over already, or there is no such thing.",
    "incidents.no_such_clash": "Somebody has looked at this already.",
    "continuity.no_reason": "Write in a few words why the standby must take over.",
    "continuity.asked_already": "Somebody has asked for it already. A second person can agree.",
    "continuity.not_asked": "Nobody has asked for it yet.",
    "continuity.too_soon": "A second person must agree. Alone you can do it from {at:%H:%M} on.",
    "continuity.declared_already": "The standby has taken over already.",
    "continuity.wrong_code": "The name or the code is not right. Nothing was changed.",
    "continuity.cannot_unlock": "{why}",
    "incidents.no_custodian": "Say whose key it was.",
    "incidents.no_time": "Say how long it took, in seconds.",
    "incidents.undo_needs_two": "Two members of staff must agree, and neither may be that account.",
    "incidents.nothing_to_undo": "That account wrote nothing in that time. Look at the account and at the times.",
    "incidents.no_such_undo": "Nobody agreed to that undoing.",
    "incidents.still_unknown": "Say first what happened to this, or that nobody can know: {service}.",
}
_TENANT = "This is for our staff. Ring us and we will help."  # no page of hers leads here
INCIDENTS: dict[str, tuple[str, str]] = {code: (_TENANT, words) for code, words in _STAFF.items()}
