"""Real publishers' files and texts made to break programs: read as they are, or refused in words; nothing else."""

import csv
import io
import json

import pytest

from lamplit.exchange.columns import PEOPLE
from lamplit.exchange.reading import NoCsv, list_lines, open_sheet
from lamplit.homes import queries as homes
from lamplit.homes.models import Home
from lamplit.people.models import Person
from lamplit.record.tidy import tidy


def as_csv(*rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


@pytest.mark.material
def test_every_csv_of_the_spectrum_reads_as_it_should(material):
    folder = material / "hostile" / "csv-spectrum"
    names = sorted(path.stem for path in (folder / "csvs").glob("*.csv"))
    assert len(names) >= 12
    for name in names:
        text = (folder / "csvs" / f"{name}.csv").read_bytes().decode().replace("\r\n", "\n")
        heading, *rows = [line.cells for line in list_lines(text, ",", skip=0)]
        wanted = json.loads((folder / "json" / f"{name}.json").read_text().replace(r"\r\n", r"\n"))
        if name == "location_coordinates":  # its JSON is no list, and has another telephone number
            wanted = [wanted | {heading[0]: "2095257564"}]
        assert [dict(zip(heading, cells, strict=True)) for cells in rows] == wanted, name


@pytest.mark.material
def test_none_of_them_is_taken_for_people(material, tmp_path, bring):
    for path in sorted((material / "hostile" / "csv-spectrum" / "csvs").glob("*.csv")):
        with pytest.raises(NoCsv, match="has no column PersonReference"):
            bring("people", path.read_bytes())


@pytest.mark.material
@pytest.mark.slow
def test_naughty_strings_as_names_are_kept_as_they_are_or_refused_in_words(material, landlord, bring):
    naughty = json.loads((material / "hostile" / "naughty-strings" / "blns.json").read_text())
    head = ["PersonReference", "NameFull", "NameTitle", "KnownAs"]
    outcome = bring("people", as_csv(head, *([f"C{n}", text, text, text] for n, text in enumerate(naughty))))
    assert outcome.adds_up
    assert outcome.read == len(naughty) > 400
    for problem in outcome.problems:
        assert problem.words in (
            "This is too long. Use at most 200 letters.",
            "There is no name. Fill NameFull, or NameGiven and NameFamily.",
        )
    for n, text in enumerate(naughty):
        row = Person.objects.filter(reference=f"C{n}").first()
        if row is not None:
            assert row.known_as == tidy(text)
    assert outcome.written > 400
    assert bring("people", as_csv(head, *([f"C{n}", text, text, text] for n, text in enumerate(naughty)))).written == 0


@pytest.mark.material
@pytest.mark.slow
def test_naughty_strings_in_every_column_break_nothing(material, landlord, bring):
    naughty = json.loads((material / "hostile" / "naughty-strings" / "blns.json").read_text())[:120]
    heads = {
        "homes": "PropertyReference UPRN AddressLine1 PostalCode PropertyType Bedrooms BlockReference BlockName Storey Stack",
        "people": "PersonReference NameFull DateOfBirth",
        "tenancies": "TenancyReference PropertyReference PersonReference Role TenureType StartDate EndDate JoinedDate LeftDate",
        "contacts": "PersonReference Channel Value Safe Works Preferred Ended Description",
    }
    for kind, head in heads.items():
        names = head.split()
        outcome = bring(kind, as_csv(names, *([text] * len(names) for text in naughty)))
        assert outcome.adds_up
        assert outcome.written == 0


@pytest.mark.material
def test_real_postcodes_are_taken_and_written_as_they_are_written(material, landlord, bring):
    with (material / "places" / "ONSPD_JUN_2023_UK_AB.csv").open(newline="") as file:
        postcodes = [(row["pcd"], row["pcds"]) for row in csv.DictReader(file)]
    rows = ([f"P{n}", f"{n} Low Row", tight] for n, (tight, _) in enumerate(postcodes))
    outcome = bring("homes", as_csv(["PropertyReference", "AddressLine1", "PostalCode"], *rows))
    assert (outcome.written, outcome.problems) == (len(postcodes), [])
    assert len(postcodes) >= 5
    kept = dict(Home.objects.values_list("reference", "postcode"))
    assert [kept[f"P{n}"] for n in range(len(postcodes))] == [spaced for _, spaced in postcodes]
    assert len(homes.at_postcode(postcodes[0][1])) == 1


@pytest.mark.material
def test_a_spreadsheet_or_picture_named_csv_is_refused_in_words(material, tmp_path):
    picture = material / "hostile" / "images" / "phone-photo-with-gps.jpg"
    with pytest.raises(NoCsv, match="letters that are not utf-8"):
        open_sheet(picture, PEOPLE, "utf-8")
