"""Tables of repairs. Written by folds alone (`fold`), from the facts in `facts.py`."""

from django.db import models
from django.db.models import Q

from lamplit.record.fields import Folded, JsonText, PersonalJson, PersonalText
from lamplit.record.search import Exactly, generated
from lamplit.repairs.models.beside import Proof as Proof
from lamplit.repairs.models.beside import Rate as Rate
from lamplit.repairs.models.beside import Review as Review
from lamplit.repairs.models.beside import Stay as Stay
from lamplit.repairs.models.beside import Survey as Survey
from lamplit.repairs.models.beside import Variation as Variation


class Repair(Folded):
    """One report of something that needs mending, and how it stands.

    `status`: received (an emergency that nobody has accepted), open, waiting (every work left waits for something),
    to_confirm (all work done, her word is missing), closed, joined (goes on under `joined_into`). `live` is False for the
    last two. `works` is {work: open, waiting, mended or settled}; `running` is {code: due_at} of everything that runs
    out: clocks by their code, `visit.<id>`, `look.<work>`, `by.<work>` (its target), `variation.<id>` (wants a yes or no),
    `confirm` (ask her), `finish` (she said yes, something is missing), `next_step`. `next_at` and `next_code` are the first of
    them. `aware_at` is when the law's clocks of `steps` began. `steps` is [[step, at, finding]] of Awaab's Law, with the
    hazard's number behind it from the second on. `asked_by` lists the channels by which we asked whether it is mended.
    """

    home = models.TextField()
    household = models.TextField()
    block = models.TextField(null=True)  # of a shared part: then it is home and household too
    voice = models.TextField()
    reporter = models.TextField(null=True)
    reference = models.TextField()
    channel = models.TextField()
    edition = models.TextField(null=True)
    keyed_by = models.TextField()
    reported_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    aware_at = models.DateTimeField()
    status = models.TextField()
    live = models.BooleanField()
    priority = models.TextField()
    due_at = models.DateTimeField()
    queue_rank = models.BigIntegerField()
    next_at = models.DateTimeField(null=True)
    next_code = models.TextField(null=True)
    running = JsonText()
    works = JsonText()
    steps = JsonText()
    owner = models.TextField(null=True)
    accepted_by = models.TextField(null=True)
    accepted_at = models.DateTimeField(null=True)
    ring_count = models.BigIntegerField()
    rung_at = models.DateTimeField(null=True)
    ring_from_at = models.DateTimeField(null=True)
    follows = models.TextField(null=True)
    joined_into = models.TextField(null=True)
    report_count = models.BigIntegerField()
    reopened_count = models.BigIntegerField()
    missed_count = models.BigIntegerField()
    mended_at = models.DateTimeField(null=True)
    asked_count = models.BigIntegerField()
    asked_by = JsonText()
    asked_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_how = models.TextField(null=True)
    closed_by = models.TextField(null=True)
    electrics = models.TextField(null=True)
    made_good = models.BooleanField(null=True)
    title = PersonalText("household", "case")
    fault = PersonalText("household", "case")
    fault_group = PersonalText("household", "case")
    room = PersonalText("household", "case")
    answers = PersonalJson("household", "case")
    cause = PersonalText("household", "case")
    closed_why = PersonalText("household", "case")
    triage = PersonalJson("household", "care")
    retriage = PersonalJson("household", "care")
    words = PersonalText("voice", "case")
    caller = PersonalJson("voice", "contact")
    alone = PersonalJson("household", "care")
    old_reference = PersonalText("household", "case")  # in the system that it was brought over from
    old_reference_key = generated(Exactly("old_reference"))

    class Meta:
        db_table = "repair"
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="repair_reference_once"),
            models.UniqueConstraint(
                fields=["old_reference_key"], condition=Q(old_reference_key__isnull=False), name="repair_old_reference_once"
            ),
        ]
        indexes = [
            models.Index(fields=["queue_rank", "next_at", "id"], condition=Q(live=True), name="repair_queue"),
            models.Index(fields=["owner", "queue_rank", "next_at"], condition=Q(live=True), name="repair_owner_queue"),
            models.Index(fields=["home", "reported_at"], name="repair_home"),
            models.Index(fields=["household"], name="repair_household"),
            models.Index(fields=["reporter", "reported_at"], condition=Q(reporter__isnull=False), name="repair_reporter"),
            models.Index(fields=["joined_into"], condition=Q(joined_into__isnull=False), name="repair_joined"),
            models.Index(fields=["block"], condition=Q(block__isnull=False), name="repair_block"),
        ]


class RepairClock(Folded):
    """One clock of a repair; its id is `<repair>.<code>`. A later start of the same code winds it up again."""

    repair = models.TextField()
    code = models.TextField()
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    ran_out_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "repair_clock"
        indexes = [
            models.Index(fields=["repair"], name="clock_repair"),
            models.Index(fields=["due_at"], condition=Q(stopped_at__isnull=True, ran_out_at__isnull=True), name="clock_running"),
        ]


class Work(Folded):
    """One piece of work. `state`: open, booked, waiting, done, handed_on (another trade goes on) or cancelled.

    `home` and `household` may be a neighbour's, where the fault is above or beside. `survey` found it to be needed;
    `over_by` is who took it out. `pence` is its price by the schedule of rates, `more_pence` what was agreed beyond.
    """

    repair = models.TextField()
    home = models.TextField()
    household = models.TextField()
    trade = models.TextField()
    contractor = models.TextField(null=True)
    follows = models.TextField(null=True)
    needs = JsonText()
    state = models.TextField()
    ordered_at = models.DateTimeField()
    ordered_by = models.TextField()
    owner = models.TextField(null=True)
    look_again_on = models.DateField(null=True)
    outcome = models.TextField(null=True)
    done_at = models.DateTimeField(null=True)
    electrics = models.TextField(null=True)
    survey = models.TextField(null=True)
    target_on = models.DateField(null=True)
    over_by = models.TextField(null=True)
    pence = models.BigIntegerField(null=True)
    more_pence = models.BigIntegerField(null=True)
    what = PersonalText("household", "case")
    why = PersonalText("household", "case")
    place = PersonalText("household", "case")
    price = PersonalJson("household", "case")

    class Meta:
        db_table = "work"
        indexes = [
            models.Index(fields=["repair"], name="work_repair"),
            models.Index(fields=["home"], name="work_home"),
            models.Index(fields=["contractor", "state"], condition=Q(contractor__isnull=False), name="work_contractor"),
        ]


class Visit(Folded):
    """One visit. `state`: booked, cancelled, missed (nobody came) or attended. `first_until_at` is what we promised first.

    `unsaid`: it counts as missed because nobody told us that somebody came.
    """

    work = models.TextField()
    repair = models.TextField()
    home = models.TextField(null=True)
    household = models.TextField(null=True)
    contractor = models.TextField(null=True)
    operative = models.TextField(null=True)
    state = models.TextField()
    from_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)
    first_until_at = models.DateTimeField(null=True)
    moved_count = models.BigIntegerField()
    moved_by_us = models.BigIntegerField(null=True)  # how many of these we asked for
    diary = models.TextField(null=True)
    set_out_at = models.DateTimeField(null=True)
    owed_pence = models.BigIntegerField(null=True)
    unsaid = models.BooleanField(null=True)
    ours = models.BooleanField(null=True)
    outcome = models.TextField(null=True)
    arrived_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    attended_by = models.TextField(null=True)
    electrics = models.TextField(null=True)
    made_good = models.BooleanField(null=True)
    found = PersonalText("household", "case")
    did = PersonalText("household", "case")
    cause = PersonalText("household", "case")
    evidence = PersonalJson("household", "case")
    tried = PersonalJson("household", "case")
    why = PersonalText("household", "case")

    class Meta:
        db_table = "visit"
        indexes = [
            models.Index(fields=["repair"], name="visit_repair"),
            models.Index(fields=["home", "until_at"], condition=Q(state="booked"), name="visit_home"),
            models.Index(fields=["from_at"], name="visit_day"),
            models.Index(fields=["operative", "from_at"], condition=Q(operative__isnull=False), name="visit_operative"),
            models.Index(fields=["contractor", "from_at"], condition=Q(contractor__isnull=False), name="visit_contractor"),
            models.Index(fields=["diary", "from_at"], condition=Q(diary__isnull=False), name="visit_diary"),
        ]


class Happening(Folded):
    """One line of a repair's timeline; its id is the entry's. `kind` is the fact's.

    `text` is about the home and sealed for its household; `said` is somebody's own words. `audience`: all, voice,
    staff or restricted, and None where everybody who may see the repair may see the line. `details` is what is clear.
    """

    repair = models.TextField()
    kind = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.TextField()
    household = models.TextField(null=True)
    voice = models.TextField(null=True)
    work = models.TextField(null=True)
    visit = models.TextField(null=True)
    details = JsonText()
    text = PersonalText("household", "case")
    triage = PersonalJson("household", "care")
    said = PersonalText("voice", "case")
    audience = PersonalText("voice", "case")

    class Meta:
        db_table = "happening"
        indexes = [
            models.Index(fields=["repair"], name="happening_repair"),  # a repair has few lines: they are sorted when read
            models.Index(fields=["recorded_at", "id"], condition=Q(work__isnull=False), name="happening_of_work"),
        ]


class Photo(Folded):
    """A photo or video of a repair, who took it, what it shows. The blobs named are sealed with the household's key.

    `file` tells of the original: it cannot be read any more once the key is erased, and neither can the pictures.
    """

    repair = models.TextField()
    household = models.TextField()
    voice = models.TextField()
    work = models.TextField(null=True)
    visit = models.TextField(null=True)
    stage = models.TextField(null=True)
    at = models.DateTimeField()
    by = models.TextField()
    original = models.TextField()
    large = models.TextField()
    small = models.TextField()
    rest = JsonText(null=True)  # of a video: the further parts of the original
    film = JsonText(null=True)  # and those of the film for showing
    file = PersonalJson("household", "case")
    shows = PersonalText("voice", "case")
    audience = PersonalText("voice", "case")

    class Meta:
        db_table = "photo"
        indexes = [models.Index(fields=["repair"], name="photo_repair")]


class Summary(Folded):
    """The written summary of an investigation for one tenant; `of` is the hazard's number."""

    repair = models.TextField()
    household = models.TextField()
    person = models.TextField()
    of = models.BigIntegerField()
    finding = models.TextField()
    paper = models.TextField()
    written_at = models.DateTimeField()
    by = models.TextField()
    sent_at = models.DateTimeField(null=True)
    sent_how = models.TextField(null=True)
    message = models.TextField(null=True)
    file = PersonalJson("household", "case")
    found = PersonalText("household", "case")
    works = PersonalJson("household", "case")
    no_work = PersonalText("household", "case")

    class Meta:
        db_table = "summary"
        indexes = [
            models.Index(fields=["repair"], name="summary_repair"),
            models.Index(fields=["written_at"], condition=Q(sent_at__isnull=True), name="summary_to_send"),
        ]


class Tree(Folded):
    """A version of the diagnosis questions; its text is the blob named."""

    edition = models.TextField()
    blob = models.TextField()
    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "tree"
        indexes = [models.Index(fields=["edition"], name="tree_edition")]


class Diary(Folded):
    """Whose time is given out in slots: a firm's, or that of people of our own (`contractor` is None then)."""

    contractor = models.TextField(null=True)
    name = PersonalText("id", "contact")
    trades = JsonText()
    area = models.TextField(null=True)
    ended = models.BooleanField()

    class Meta:
        db_table = "diary"


class Capacity(Folded):
    """One line for each time that somebody said how many visits a diary has time for. Of two for one day the later counts."""

    diary = models.TextField()
    part = models.TextField()
    weekdays = JsonText()
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    places = models.IntegerField()
    recorded_at = models.DateTimeField()
    by = models.TextField()

    class Meta:
        db_table = "capacity"
        indexes = [models.Index(fields=["diary"], name="capacity_diary")]


class RepairHome(Folded):
    """Another home that a repair concerns; its id is `<repair>.<home>`. `part`: source or affected. `says` is what it is told.

    `confirmed_at` is when its household last said that it is mended.
    """

    repair = models.TextField()
    home = models.TextField()
    household = models.TextField()
    part = models.TextField()
    since_at = models.DateTimeField()
    ended = models.BooleanField()
    confirmed_at = models.DateTimeField(null=True)
    says = PersonalText("household", "case")

    class Meta:
        db_table = "further_home"
        indexes = [
            models.Index(fields=["repair"], name="further_home_repair"),
            models.Index(fields=["household"], name="further_home_household"),
            models.Index(fields=["home"], name="further_home_home"),
        ]
