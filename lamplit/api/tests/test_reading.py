"""Messages as others write them: understood where they can be, each difference told."""

import json

import pytest

from lamplit.api.reading import Unreadable, read_message

# What the publishers' twelve samples differ in, beside the case of names: found by their own schemas too.
SAMPLES = {
    "JobStatusUpdate.assignOperatives": {
        "/OperativesAssigned/0/Identification/Number",
        "/OperativesAssigned/1/Identification/Number",
    },
    "JobStatusUpdate.note": set(),
    "JobStatusUpdate.variation": set(),
    "JobStatusUpdate.variationApproved": set(),
    "JobStatusUpdate.variationRejected": {"/TypeCode"},
    "JobStatusUpdate.workOrderApproved": {"/TypeCode"},
    "JobStatusUpdate.workOrderRejected": {"/TypeCode"},
    "RequestAppointment": {"/WorkOrderReference/ID"},
    "ScheduleRepair": {"/Priority/PriorityCode", "/Priority/RequiredCompletionDateTime", "/WorkClass/WorkClassCode"},
    "WorkOrderComplete.cancelled": {"/JobStatusUpdates/0/TypeCode"},
    "WorkOrderComplete.completed": set(),
    "WorkOrderComplete.noAccess": set(),
}


def read(name, message):
    return read_message(name, json.dumps(message).encode())


def test_a_message_in_the_standards_own_words_has_no_difference():
    heard = read("JobStatusUpdate", {"RelatedWorkOrderReference": {"ID": "w"}, "TypeCode": "10", "Comments": " On the way "})
    assert heard.said == {"RelatedWorkOrderReference": {"ID": "w"}, "TypeCode": "10", "Comments": "On the way"}
    assert heard.differences == []


def test_each_difference_is_told_and_what_can_be_understood_is_taken():
    heard = read(
        "JobStatusUpdate",
        {
            "relatedWorkOrderReference": {"id": 7},
            "typeCode": "999",
            "eventTime": "2026-11-25T10:00:00",
            "operativesAssigned": {"nameFull": "Col"},
            "comments": ["no", "text"],
            "ourOwn": 1,
            "moreSpecificSORCode": {"rateScheduleItem": [{"customCode": "X", "quantity": {"amount": ["2.5", "many"]}}]},
        },
    )
    assert heard.said["RelatedWorkOrderReference"] == {"ID": "7"}
    assert heard.said["OperativesAssigned"] == [{"NameFull": "Col"}]
    assert heard.said["EventTime"].isoformat() == "2026-11-25T10:00:00+00:00"
    assert heard.said["MoreSpecificSORCode"]["RateScheduleItem"][0]["Quantity"]["Amount"] == [2.5]
    assert {one.at for one in heard.differences} == {
        "/", "/RelatedWorkOrderReference/ID", "/TypeCode", "/EventTime", "/OperativesAssigned", "/Comments", "/ourOwn",
        "/MoreSpecificSORCode/RateScheduleItem/0/Quantity/Amount/0", "/MoreSpecificSORCode/RateScheduleItem/0/Quantity/Amount/1",
    }  # fmt: skip


def test_what_is_missing_is_told():
    assert [tuple(one) for one in read("RequestAppointment", {}).differences] == [
        ("/WorkOrderReference", "is missing; the standard asks for it"),
        ("/AppointmentReference", "is missing; the standard asks for it"),
    ]


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"7", b'"text"', b"\xff", b"[" * 100_000])
def test_what_is_no_message_is_refused_in_words(raw):
    with pytest.raises(Unreadable, match=r"JSON|nested"):
        read_message("JobStatusUpdate", raw)


@pytest.mark.material
@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_of_a_live_system_is_understood(material, sample):
    raw = json.loads((material / "repairs" / "hact" / "samples" / f"{sample}.hackney-hub.json").read_text())
    raw.pop("_source", None)
    heard = read(sample.partition(".")[0], raw)
    assert any(heard.said.values())
    unknown = {one.at for one in heard.differences if "not in the standard" in one.what}
    assert {one.at for one in heard.differences} - unknown - {"/"} == SAMPLES[sample]


@pytest.mark.material
@pytest.mark.parametrize("sample", SAMPLES)
def test_the_publishers_schemas_find_no_difference_that_we_do_not(material, sample):
    """Their names are put into the standard's case first, as we read them."""
    import jsonschema

    name = sample.partition(".")[0]
    folder = material / "repairs" / "hact"
    raw = json.loads((folder / "samples" / f"{sample}.hackney-hub.json").read_text())
    raw.pop("_source", None)
    schema = json.loads(next(folder.glob(f"{name}*.normalised.json")).read_text())
    wrong = list(
        jsonschema.Draft4Validator({k: v for k, v in schema.items() if k not in ("$schema", "id")}).iter_errors(_cased(raw))
    )
    assert bool(wrong) == bool(SAMPLES[sample])


def _cased(value):
    if isinstance(value, dict):
        return {"ID" if key == "id" else key[:1].upper() + key[1:]: _cased(inner) for key, inner in value.items()}
    return [_cased(one) for one in value] if isinstance(value, list) else value
