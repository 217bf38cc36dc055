"""The door described as OpenAPI 3.1, made from the shapes that it reads."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from lamplit.api.shapes import ANY, MESSAGES, MOMENT, NUMBER, Codes

WHAT = {
    "RaiseRepair": "Report something that you found in a home where you have a job.",
    "ScheduleRepair": "The same, in the longer form.",
    "RequestAppointment": "Book a visit. The appointment's id holds the day, and AM or PM: 2026-12-01/AM.",
    "JobStatusUpdate": "Say how a job stands. 70 (nobody let us in) leaves the job open. 80 asks for more work or money.",
    "WorkOrderComplete": "Say that a job is done. The repair stays open until the tenant says that it is mended.",
}


@cache
def document() -> dict[str, Any]:
    """Return the whole description."""
    paths: dict[str, Any] = {
        "/api/v1/workOrders": {"get": _get("The jobs that you still have to do, oldest first.")},
        "/api/v1/workOrders/{id}": {"get": _get("One of your jobs.", [_JOB])},
        "/api/v1/workOrders/{id}/appointments": {
            "get": _get(
                "The free times of the diary that is kept for a job, soonest first. `kept` is false where there is none.", [_JOB]
            )
        },
        "/api/v1/workOrders/{id}/messages/{name}": {
            "get": _get(
                "One message of a job, as it stands now. 404 where the job is not so far, with a sentence.", [_JOB, _NAME]
            )
        },
        "/api/v1/messages": {
            "get": _get(
                "What happened to your jobs since `after`, oldest first. Ask again with `next`, at once where `more` is true.",
                [_AFTER],
                {"$ref": "#/components/schemas/Told"},
            )
        },
    }
    for name in MESSAGES:
        paths[f"/api/v1/{name[0].lower()}{name[1:]}"] = {"post": _post(name)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lamplit for firms",
            "version": "1",
            "description": "HACT repairs messages as JSON. We read names in any case, numbers where text is due and "
            "unknown parts, and tell each difference from the standard. What we write is as the standard has it. "
            "The same message sent again gets the first answer.",
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {name: _schema(shape) for name, shape in MESSAGES.items()}
            | {"Done": _DONE, "Told": _TOLD, "Problem": _PROBLEM},
        },
    }


_DIFFERENCES = {
    "type": "array",
    "items": {"type": "object", "properties": {"at": {"type": "string"}, "what": {"type": "string"}}},
}
_JOB = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
_NAME = {
    "name": "name", "in": "path", "required": True,
    "schema": {"type": "string", "enum": [f"{name[0].lower()}{name[1:]}" for name in MESSAGES]},
}  # fmt: skip
_AFTER = {
    "name": "after", "in": "query", "required": False,
    "schema": {
        "anyOf": [
            {"type": "string", "pattern": r"^([0-9a-f]{1,14}\.(e_[0-9a-z]{20})?)?$"}, {"type": "string", "format": "date-time"},
        ]
    },
    "description": "`next` of the answer before, or a moment (2026-12-01T08:00:00Z). Without it you begin now, and get `next`.",
}  # fmt: skip
_TOLD = {
    "type": "object",
    "properties": {
        "messages": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"}, "name": {"type": "string", "enum": list(MESSAGES)},
                    "workOrder": {"type": "string"}, "repair": {"type": "string"},
                    "at": {"type": "string", "format": "date-time"},
                    "by": {"type": "string", "enum": ["system", "people", "household", "landlord"]},
                    "message": {"type": "object"},
                },
            },
        },
        "next": {"type": "string"}, "more": {"type": "boolean"},
    },
}  # fmt: skip
_DONE = {
    "type": "object",
    "properties": {
        "did": {"type": "array", "items": {"type": "string"}},
        "workOrder": {"type": "string"},
        "repair": {"type": "string"},
        "differences": _DIFFERENCES,
    },
}
_PROBLEM = {
    "type": "object",
    "properties": {
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "differences": _DIFFERENCES,
    },
}
_PROBLEMS = {
    "400": "It cannot be read.",
    "401": "The token is missing, wrong or shut.",
    "404": "No job of yours has this reference, or it is not so far.",
    "413": "It is too long.",
    "422": "It cannot be done. The answer says why.",
    "429": "Too many messages, or too many people seen. Wait.",
}


def _answers(ok: dict[str, Any], *codes: str) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"200": ok} | {code: {"description": _PROBLEMS[code], "content": problem} for code in codes}


def _get(summary: str, asks: Sequence[dict[str, Any]] = (), answers: dict[str, Any] | None = None) -> dict[str, Any]:
    ok = {"description": "As asked.", "content": {"application/json": {"schema": answers or {"type": "object"}}}}
    return {"summary": summary, "parameters": list(asks), "responses": _answers(ok, "400", "401", "404", "422", "429")}


def _post(name: str) -> dict[str, Any]:
    done = {"application/json": {"schema": {"$ref": "#/components/schemas/Done"}}}
    body = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    ok = {"description": "Done.", "content": done}
    return {
        "summary": WHAT[name],
        "requestBody": {"required": True, "content": body},
        "responses": _answers(ok, *_PROBLEMS),
    }


def _schema(shape: Any) -> dict[str, Any]:
    if isinstance(shape, Codes):
        return {"type": "string", "enum": sorted(shape.known)}
    if isinstance(shape, list):
        return {"type": "array", "items": _schema(shape[0])}
    if not isinstance(shape, dict):
        kinds: dict[str, dict[str, Any]] = {
            ANY: {}, NUMBER: {"type": "number"}, MOMENT: {"type": "string", "format": "date-time"},
        }  # fmt: skip
        return kinds.get(shape, {"type": "string"})
    schema = {"type": "object", "properties": {name.rstrip("*"): _schema(inner) for name, inner in shape.items()}}
    needed = [name[:-1] for name in shape if name.endswith("*")]
    return schema | ({"required": needed} if needed else {})
