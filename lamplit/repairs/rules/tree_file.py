"""Reading a landlord's questions, and refusing any that could leave a tenant without an answer."""

from lamplit.basics.marked import Marked, compose
from lamplit.repairs.rules.catalogue import Catalogue, known_codes, one_of, unknown
from lamplit.repairs.rules.clocks import PRIORITIES, Priority, higher, rank
from lamplit.repairs.rules.diagnosis import END, Option, Question, Tree
from lamplit.repairs.rules.triage_rules import TriageRules

_OPTION = ("next", "fault", "room", "flags", "advice", "unsure")


def load_tree(text: str, catalogue: Catalogue, table: TriageRules, source: str = "tree.yaml") -> Tree:
    """Read an edition of the questions and check it. LineError names the first line that is wrong.

    Checked: no unknown field or code; every question can be reached; no circle; every way through ends and names
    exactly one fault; what an unsure answer brings is never below what another answer there brings.
    """
    top = compose(text, source).fields(("edition", "start", "rooms", "questions"))
    rooms = {code: place.text() for code, place in top["rooms"].items()}
    reader = _Reader(rooms, catalogue, table)
    questions = {code: reader.question(code, place) for code, place in top["questions"].items()}
    start = top["start"].text()
    if start not in questions:
        raise unknown(top["start"], start, questions, "question")
    tree = Tree(top["edition"].text(), start, rooms, questions, catalogue)
    _Check(tree, table, reader).all()
    return tree


class _Reader:
    """Reads questions and remembers where each question and option stands, and where it says what comes next."""

    def __init__(self, rooms: dict[str, str], catalogue: Catalogue, table: TriageRules) -> None:
        self.rooms, self.catalogue, self.table = rooms, catalogue, table
        self.places: dict[tuple[str, str | None], Marked] = {}
        self.nexts: dict[tuple[str, str | None], Marked] = {}

    def question(self, code: str, place: Marked) -> Question:
        self.places[code, None] = place
        if code == END:
            raise place.wrong(f"no question may be called {END}")
        fields = place.fields(("ask",), ("hint", "options", "rooms", "text", "next"))
        shapes = [shape for shape in ("options", "rooms", "text") if shape in fields]
        if len(shapes) != 1:
            raise place.wrong(f"{code}: write one of options, rooms: true or text: true")
        follows = fields.get("next")
        if follows is None and shapes[0] != "options":
            raise place.wrong(f"{code}: next is missing; name a question, or {END}")
        if shapes[0] != "options" and not fields[shapes[0]].flag():
            raise fields[shapes[0]].wrong(f"{code}: remove this line, or write true")
        if follows is not None:
            self.nexts[code, None] = follows
        return Question(
            code=code,
            ask=fields["ask"].text(),
            hint=fields["hint"].text() if "hint" in fields else None,
            kind="text" if shapes[0] == "text" else "choice",
            options=self._options(code, place, fields, follows),
            next=follows.text() if follows is not None and shapes[0] == "text" else None,
        )

    def _options(self, code: str, place: Marked, fields: dict[str, Marked], follows: Marked | None) -> tuple[Option, ...]:
        if "rooms" in fields and follows is not None:
            self.places |= {(code, room): place for room in self.rooms}
            self.nexts |= {(code, room): follows for room in self.rooms}
            leads = follows.text()
            return tuple(Option(code=room, label=label, next=leads, room=room) for room, label in self.rooms.items())
        if "options" not in fields:
            return ()
        options = tuple(self._option(code, name, where, follows) for name, where in fields["options"].items())
        labels = [option.label for option in options]
        if len(options) < 2:
            raise fields["options"].wrong(f"{code}: a question needs at least two answers to choose from")
        for number, option in enumerate(options):
            if option.label in labels[:number]:
                raise self.places[code, option.code].wrong(f"{code}: {option.label!r} stands here twice")
        return options

    def _option(self, question: str, code: str, place: Marked, follows: Marked | None) -> Option:
        self.places[question, code] = place
        fields = place.fields(("label",), _OPTION)
        leads = fields.get("next", follows)
        if leads is None:
            raise place.wrong(f"{question}.{code}: next is missing; name a question, or {END}")
        self.nexts[question, code] = leads
        return Option(
            code=code,
            label=fields["label"].text(),
            next=leads.text(),
            fault=one_of(fields["fault"], tuple(self.catalogue.faults)) if "fault" in fields else None,
            room=one_of(fields["room"], tuple(self.rooms)) if "room" in fields else None,
            flags=known_codes(fields["flags"], self.table.flags, "flag") if "flags" in fields else (),
            advice=one_of(fields["advice"], tuple(self.catalogue.advice)) if "advice" in fields else None,
            unsure=fields["unsure"].flag() if "unsure" in fields else False,
        )


class _Check:
    """Walks every way through a tree once."""

    def __init__(self, tree: Tree, table: TriageRules, reader: _Reader) -> None:
        self.tree, self.table, self.places, self.nexts = tree, table, reader.places, reader.nexts
        self.walked: set[tuple[str, bool]] = set()
        self.least: dict[str, Priority] = {END: PRIORITIES[0]}

    def all(self) -> None:
        for code, question in self.tree.questions.items():
            for leads, option in _ways(question):
                if leads != END and leads not in self.tree.questions:
                    where = self.nexts[code, option.code if option else None]
                    raise unknown(where, leads, self.tree.questions, "question")
        self._walk(self.tree.start, fault=False, path=())
        for code, question in self.tree.questions.items():
            if not any(code == seen for seen, _ in self.walked):
                raise self.places[code, None].wrong(f"{code}: no answer leads to this question")
            self._unsure(question)

    def _walk(self, code: str, *, fault: bool, path: tuple[str, ...]) -> None:
        """Go every way from a question, knowing whether a fault was named on the way here."""
        if code in path:
            raise self.places[code, None].wrong(f"{code}: these questions run in a circle: {' > '.join((*path, code))}")
        if (code, fault) in self.walked:
            return
        self.walked.add((code, fault))
        for leads, option in _ways(self.tree.questions[code]):
            name = option.code if option else None
            names = option is not None and option.fault is not None
            if fault and names:
                raise self.places[code, name].wrong(f"{code}: names a second fault on the way {' > '.join((*path, code))}")
            if leads == END and not (fault or names):
                raise self.nexts[code, name].wrong(f"{code}: the questions end here, but no fault was named on the way")
            if leads != END:
                self._walk(leads, fault=fault or names, path=(*path, code))

    def _unsure(self, question: Question) -> None:
        """Refuse an unsure answer that brings less than another answer beside it does for certain."""
        brings = {option.code: self._brings(option) for option in question.options}
        for option in question.options:
            if option.unsure:
                for other in question.options:
                    if rank(brings[option.code]) < rank(brings[other.code]):
                        what = f"{question.code}: unsure is {brings[option.code]}, but {other.code} is {brings[other.code]}"
                        raise self.places[question.code, option.code].wrong(f"{what}; treat unsure as the graver")

    def _brings(self, option: Option) -> Priority:
        """Return the least priority that is certain once an option is chosen, whatever is answered after it."""
        certain = self._least(option.next)
        if option.fault is not None:
            certain = higher(certain, self.tree.catalogue.faults[option.fault].priority)
        for flag in option.flags:
            certain = higher(certain, self.table.floor_of(flag))
        return certain

    def _least(self, code: str) -> Priority:
        if code not in self.least:
            question = self.tree.questions[code]
            ways = [self._brings(option) for option in question.options] or [self._least(question.next or END)]
            self.least[code] = min(ways, key=rank)
        return self.least[code]


def _ways(question: Question) -> list[tuple[str, Option | None]]:
    """List where a question leads, with the option that leads there."""
    if question.kind == "text":
        return [(question.next or END, None)]
    return [(option.next, option) for option in question.options]
