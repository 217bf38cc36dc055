"""`lamplit questions`: another system's questions come into use through a mapping, or a line says why not."""

from lamplit.repairs.tests.test_rules_tree_brought import MAP, NESTED


def test_they_come_into_use_and_a_bad_mapping_changes_nothing(installed, lamplit, tmp_path):
    theirs, mapping = tmp_path / "theirs.json", tmp_path / "map.yaml"
    theirs.write_text(NESTED)
    mapping.write_text(MAP.replace("tap_drips", "tap_sings"))
    code, _, err = lamplit("questions", str(theirs), "--mapping", str(mapping))
    assert code == 1
    assert "tap_sings" in err
    mapping.write_text(MAP)
    code, out, err = lamplit("questions", str(theirs), "--mapping", str(mapping), "--show")
    assert (code, "start: danger_now" in out) == (0, True)
    code, out, err = lamplit("questions", str(theirs), "--mapping", str(mapping))
    assert code == 0, err
    assert "The questions of edition ours-2 are in use from now on." in out
    assert "Read 4 last answers." in out + err
