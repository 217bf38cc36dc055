"""The import contracts hold on our own tree, and each of them breaks when somebody does what it forbids."""

from pathlib import Path

import pytest

from tests.architecture import contracts

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["facts", "rules", "models", "fold", "queries", "actions", "apps"]

# One fault each: the module that does it, the line it does it with, the contract that must break.
FAULTS = [
    ("homes/queries.py", "import lamplit.repairs.queries", "Storeys"),
    ("rent/queries.py", "import lamplit.repairs.queries", "Storeys"),
    ("people/rules.py", "import lamplit.tenancies.rules", "Storeys"),
    ("portal/repairs.py", "import lamplit.desk.queue", "Storeys"),
    ("record/seal.py", "import lamplit.people.facts", "Storeys"),
    ("basics/clock.py", "import lamplit.record.page", "Storeys"),
    ("continuity/follow.py", "import lamplit.config.wiring", "Storeys"),
    ("standby/views.py", "import lamplit.portal.repairs", "Storeys"),
    ("standby/views.py", "import lamplit.repairs.models", "Doors"),
    ("people/tests/test_rules.py", "import lamplit.repairs.rules", "Storeys"),
    ("snippets/mine.py", "x = 1", "Storeys"),
    ("repairs/utils.py", "x = 1", "Rooms"),
    ("repairs/models.py", "import lamplit.repairs.actions", "Rooms"),
    ("repairs/fold.py", "import lamplit.repairs.queries", "Rooms"),
    ("repairs/rules.py", "import django.db", "Pure"),
    ("repairs/facts.py", "import lamplit.record.seal", "Pure"),
    ("repairs/rules.py", "import lamplit.people.models", "Pure"),
    ("repairs/fold.py", "import lamplit.homes.queries", "Replay"),
    ("repairs/fold.py", "import lamplit.repairs.rules", "Replay"),
    ("repairs/fold.py", "import lamplit.basics.clock", "Replay"),
    ("repairs/fold.py", "import urllib.request", "Replay"),
    ("portal/repairs.py", "import lamplit.repairs.models", "Doors"),
    ("desk/queue.py", "import lamplit.repairs.rules", "Doors"),
    ("portal/repairs.py", "import lamplit.record.page", "Pen"),
    ("repairs/queries.py", "import lamplit.record.page", "Pen"),
    ("repairs/actions.py", "import lamplit.messages.actions", "Doing"),
    ("reactions/repairs.py", "import lamplit.people.models", "Own tables: people"),
    ("reactions/repairs.py", "import lamplit.repairs.models", "Own tables: repairs"),
    ("record/page.py", "import lamplit.record.seal", "round in circles"),
]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small tree that keeps every contract; each module does what its room is for."""
    for feature in ("repairs", "rent", "messages", "tenancies", "people", "homes"):
        for room in ROOMS:
            plant(tmp_path, f"{feature}/{room}.py", "")
        plant(tmp_path, f"{feature}/rules.py", f"import lamplit.{feature}.facts, lamplit.basics.clock")
        plant(tmp_path, f"{feature}/fold.py", f"import lamplit.{feature}.models, lamplit.{feature}.facts")
        plant(tmp_path, f"{feature}/actions.py", f"import lamplit.{feature}.rules, lamplit.record.page")
        plant(tmp_path, f"{feature}/tests/test_actions.py", f"import lamplit.{feature}.actions")
    plant(tmp_path, "repairs/actions.py", "import lamplit.homes.models, lamplit.people.queries")
    plant(tmp_path, "repairs/queries.py", "import lamplit.repairs.models, lamplit.homes.queries")
    plant(tmp_path, "portal/repairs.py", "import lamplit.repairs.actions, lamplit.repairs.queries, lamplit.basics.clock")
    plant(tmp_path, "desk/queue.py", "import lamplit.repairs.queries")
    plant(tmp_path, "reactions/repairs.py", "import lamplit.messages.actions")
    plant(tmp_path, "config/wiring.py", "import lamplit.repairs.models, lamplit.repairs.fold")
    plant(tmp_path, "record/page.py", "")
    plant(tmp_path, "record/seal.py", "import lamplit.record.page")
    plant(tmp_path, "basics/clock.py", "")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def plant(tree: Path, name: str, line: str) -> None:
    """Add a line to a module of the tree; make the module and its packages if they are not there."""
    path = tree / "lamplit" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in [path.parent, *path.parent.parents]:
        if folder == tree:
            break
        (folder / "__init__.py").touch()
    with path.open("a") as file:
        file.write(f"{line}\n")


def test_our_own_tree_keeps_them(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    assert contracts.main() == 0, capfd.readouterr().out


@pytest.mark.usefixtures("tree")
def test_a_tree_that_does_as_it_should_keeps_them(capfd: pytest.CaptureFixture[str]) -> None:
    assert contracts.main() == 0, capfd.readouterr().out


def test_a_tree_with_two_folders_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    plant(tmp_path, "record/page.py", "import lamplit.basics.clock")
    plant(tmp_path, "basics/clock.py", "")
    monkeypatch.chdir(tmp_path)
    assert contracts.main() == 0, capfd.readouterr().out


@pytest.mark.parametrize(("module", "line", "contract"), FAULTS, ids=[f"{name}: {line}" for name, line, _ in FAULTS])
def test_it_sees(tree: Path, capfd: pytest.CaptureFixture[str], module: str, line: str, contract: str) -> None:
    plant(tree, module, line)
    assert contracts.main() == 1
    broken = [said for said in capfd.readouterr().out.splitlines() if said.endswith(" BROKEN")]
    assert any(contract in said for said in broken), broken


def test_every_contract_has_a_fault_that_breaks_it() -> None:
    names = [contract["name"] for contract in contracts.contracts(ROOT / "lamplit")]
    tables = "Own tables: "  # one contract a feature, all made by one function
    untried = [name for name in names if not any(fault[2] in name for fault in FAULTS) and tables not in name]
    assert untried == []
