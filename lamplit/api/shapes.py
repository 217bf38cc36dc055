"""The parts of HACT's repairs messages that we read, as the standard names them (OSCRE reference data model 3.3, HACT M3SoR v7).

A shape is `TEXT`, `NUMBER`, `MOMENT`, `ANY` (known, not read by us), `Codes(...)`, a list with the shape of its members, or a
dict of names; a name with a star must be there.
"""

from typing import Any, NamedTuple

TEXT, NUMBER, MOMENT, ANY = "text", "number", "moment", "any"


class Codes(NamedTuple):
    """A text out of the standard's list."""

    known: frozenset[str]


def codes(listed: str) -> Codes:
    return Codes(frozenset(listed.split()))


UPDATE_CODES = codes("0 10 20 30 40 50 60 70 80 90 100 100-10 100-20 110 120 120-10 120-20 120-30 120-40 120-50")
PRIORITY_CODES = codes("1 2 3 4 5")
CLASS_CODES = codes("0 10 20 30 40 50 60")

REFERENCE = {"ID*": TEXT, "Description": TEXT, "AllocatedBy": TEXT}
ADDRESS = {
    "AddressLine": [TEXT], "PostalCode": TEXT, "BuildingNumber": TEXT, "BuildingName": TEXT, "StreetName": TEXT, "CityName": TEXT,
    "Postbox": TEXT, "Room": TEXT, "Department": TEXT, "Floor": TEXT, "Plot": TEXT, "ComplexName": TEXT, "Country": TEXT,
    "Type": TEXT,
}  # fmt: skip
QUANTITY = {"Amount": [NUMBER], "UnitOfMeasurementCode": TEXT}
RATE = {"M3NHFSORCode": TEXT, "CustomCode": TEXT, "CustomName": TEXT, "Quantity": QUANTITY}
TRADE = {"Code*": TEXT, "CustomCode": TEXT, "CustomName": TEXT}
ELEMENT = {
    "Reference": REFERENCE, "Trade": [TRADE], "RateScheduleItem*": [RATE], "ServiceChargeSubject": TEXT,
    "ContainsCapitalWork": ANY, "DependsOn": ANY,
}  # fmt: skip
ORGANIZATION = {"Name": TEXT, "DoingBusinessAsName": [TEXT], "Reference": [REFERENCE], "Contact": ANY}
PARTY = {"Organization": ORGANIZATION, "Person": ANY}
SLOT = {"Name": TEXT, "EarliestArrivalTime": TEXT, "LatestArrivalTime": TEXT, "LatestCompletionTime": TEXT}
WINDOW = {"Date": TEXT, "TimeOfDay*": SLOT, "Reference": REFERENCE}
OPERATIVE = {"Identification": {"Type": TEXT, "Number": TEXT}, "NameFull": TEXT}
CHANNEL = {"Channel": {"Medium": TEXT, "Code": TEXT}, "Value": TEXT}
_ORDER = {
    "DescriptionOfWork*": TEXT, "EstimatedLaborHours": NUMBER, "Reference*": [REFERENCE], "ServiceRequestReference": ANY,
    "Site*": ANY, "WorkElement": [ELEMENT],
}  # fmt: skip
MORE_WORK = {"AdditionalWorkOrder*": _ORDER, "ReasonRequired": TEXT, "Evidence": ANY}
_UPDATE = {
    "Reference": REFERENCE, "RelatedWorkElementReference": [REFERENCE], "EventTime": MOMENT, "TypeCode": UPDATE_CODES,
    "OtherType": TEXT, "OperativesAssigned": [OPERATIVE], "RefinedAppointmentWindow": WINDOW, "CustomerFeedback": ANY,
    "CustomerCommunicationChannelAttempted": CHANNEL, "Comments": TEXT,
    "MoreSpecificSORCode": ELEMENT | {"Trade": [TRADE]}, "Evidence": ANY, "AdditionalWork": MORE_WORK,
}  # fmt: skip
_PRIORITY = {
    "PriorityCode*": PRIORITY_CODES, "RequiredCompletionDateTime*": MOMENT, "PriorityDescription": TEXT, "NumberOfDays": NUMBER,
    "Comments": TEXT,
}  # fmt: skip
_CLASS = {"WorkClassCode*": CLASS_CODES, "WorkClassDescription": TEXT, "WorkClassSubType": ANY}
_WORK = {
    "DescriptionOfWork*": TEXT, "EstimatedLaborHours": NUMBER, "Priority*": _PRIORITY, "WorkClass*": _CLASS, "WorkType": TEXT,
    "ParkingArrangements": TEXT, "WorkElement": [ELEMENT], "LocationOfRepair": TEXT,
    "AccessInformation": {"Keysafe": ANY, "Description": TEXT}, "PersonAlert": ANY, "LocationAlert": ANY, "DateReported": TEXT,
}  # fmt: skip
UNIT = {"Address": ADDRESS, "Reference": [REFERENCE], "Keysafe": ANY}
_PROPERTY = {"Address": ADDRESS, "Unit": [UNIT], "MasterKeySystem": TEXT, "GeographicalLocation": ANY}

MESSAGES: dict[str, dict[str, Any]] = {
    "RaiseRepair": _WORK | {"SitePropertyUnit": [UNIT]},
    "ScheduleRepair": _WORK
    | {
        "Reference*": [REFERENCE], "ServiceRequestReference": [REFERENCE], "InstructedBy*": ORGANIZATION,
        "AssignedToPrimary*": PARTY, "Site*": {"Name": TEXT, "GeographicalLocation": ANY, "Property": [_PROPERTY]},
        "DateRaised": TEXT, "Customer": ANY,
    },
    "RequestAppointment": {"WorkOrderReference*": REFERENCE, "AppointmentReference*": REFERENCE},
    "JobStatusUpdate": _UPDATE | {"RelatedWorkOrderReference*": REFERENCE},
    "WorkOrderComplete": {
        "WorkOrderReference*": REFERENCE, "BillOfMaterialItem": ANY, "CompletedWorkElements": [ELEMENT], "OperativesUsed": ANY,
        "JobStatusUpdates": [_UPDATE], "FollowOnWorkOrderReference": [REFERENCE],
    },
}  # fmt: skip
