"""Made-up names: people of many backgrounds, estates and towns that are nowhere, firms that are nobody's."""

from importlib.resources import files


def _words(name: str) -> list[str]:
    text = (files("lamplit.cli.seed") / name).read_text(encoding="utf-8")
    return [word.replace("_", " ") for word in text.split()]


GIVEN, FAMILY = _words("given.txt"), _words("family.txt")
TITLES = ["Ms", "Mr", "Mrs", "Miss", "Mx", "Dr"]

FIRST_WORDS = _words("first.txt")
BLOCK_WORDS = ["Court", "House", "Rise", "Point", "Heights", "Tower", "Gardens", "Lodge"]
STREET_WORDS = ["Row", "Lane", "Close", "Street", "Road", "Way", "Walk", "Terrace", "Grove", "Drive", "Crescent", "Mews"]
TOWNS = ["Heathport", "Lampton Quay", "Emberley", "Saltmere", "Upper Wicking", "Candleford Bridge", "Tallowby"]

# Firm, its trades (repairs/data/faults.yaml), and who works for it in the field.
FIRMS = [
    ("Kindle Works", ["plumber", "heating_engineer", "gas_engineer"]),
    ("Brightside Electrical", ["electrician", "lift_engineer", "door_engineer"]),
    ("Wick & Latch", ["locksmith", "carpenter", "glazier"]),
    ("Tallow Roofing", ["roofer", "builder", "plasterer", "groundworker"]),
    ("Northlight Drains", ["drainage"]),
    ("Clearwell Pest Control", ["pest_controller"]),
    ("Drystone Damp", ["damp_specialist", "asbestos_specialist"]),
]

LANGUAGES = ["English", "English", "English", "English", "Polish", "Bengali", "Urdu", "Somali", "Romanian", "Welsh", "Portuguese"]
FORMATS = ["standard", "standard", "standard", "standard", "large print", "easy read"]
