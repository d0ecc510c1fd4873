"""The public post: scanning, parcels, manifests, handover records, the post's news and money."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, g, request
from flask_openapi3 import APIBlueprint, Tag

from kiosk.domain.errors import DomainError
from kiosk.domain.permissions import NOBODY, Actor
from kiosk.domain.post.states import StatusTold
from kiosk.services import look
from kiosk.services.look import post as shown
from kiosk.services.post.complain import answer_complaint, complain
from kiosk.services.post.intake import (
    Envelope,
    add_envelope,
    cancel_intake,
    find_intake,
    open_intake,
    remove_envelope,
    sign_intake,
)
from kiosk.services.post.manifests import (
    add_to_manifest,
    cancel_manifest,
    close_manifest,
    find_manifest,
    open_manifest,
    remove_from_manifest,
)
from kiosk.services.post.move_parcel import receiver_of, record_status, status_of
from kiosk.services.post.news_file import post_file_of
from kiosk.services.post.numbers import allot_numbers
from kiosk.services.post.print_label import print_label
from kiosk.services.post.quarter import note_quarter
from kiosk.services.post.register_parcel import ParcelWish, cancel_parcel, find_parcel, register_parcel
from kiosk.services.post.remit_collected import remit_collected
from kiosk.views.admin_catalogue import large
from kiosk.views.api.answers import answer
from kiosk.views.api.post_shapes import (
    ComplaintAnswerBody,
    ComplaintBody,
    EnvelopeBody,
    IntakeBody,
    ItemPath,
    LineBody,
    ManifestBody,
    ManifestLinePath,
    NewsQuery,
    ParcelBody,
    ParcelMoveBody,
    ParcelPath,
    ParcelQuery,
    PoolBody,
    QuarterBody,
    RemitBody,
    ScanQuery,
    SignBody,
)
from kiosk.views.api.shapes import IdPath
from kiosk.views.door import current_office, idempotent, language, right
from kiosk.views.post_files import taken

api = APIBlueprint("api_post", __name__, url_prefix="/api/v1/post", abp_tags=[Tag(name="post")])


# An answer to a change is kept for repetitions, so nobody's name and address is in it: they are asked for by GET.


def _page(number: str, actor: Actor) -> Response:
    parcel = find_parcel(g.actor.office_id, number)
    return answer(shown.parcel_page(parcel, actor, look.today(current_office(), g.now), language()))


def _without_names(page: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in page.items() if name not in ("postman", "by")}


@api.get("/scan", summary="What a scanner read")
@right("post.desk")
def scan(query: ScanQuery) -> Response:
    """The parcel, or the dossier that is in none."""
    return answer(shown.scan(g.actor.office_id, query.code, g.actor, language()))


@api.get("/waiting", summary="Results to be put into parcels")
@right("post.desk")
def waiting() -> Response:
    """Finished dossiers that go by post, the longest waiting first."""
    return answer({"items": shown.results_waiting(g.actor.office_id)})


@api.post("/parcels", summary="Register a parcel")
@right("post.desk")
@idempotent
def register(body: ParcelBody) -> Response:
    """A finished dossier gets a parcel, with a number of a pool unless one is given."""
    facts = body.model_dump()
    row = register_parcel(ParcelWish(**facts), g.actor, g.now)
    return answer(shown.parcel_card(row, NOBODY, language()), 201)


@api.get("/parcels", summary="Parcels")
@right("post.desk")
def parcels(query: ParcelQuery) -> Response:
    """Newest first; by a state, or "overdue" and "on_its_way"."""
    today = look.today(current_office(), g.now)
    return answer(
        shown.parcels(g.actor, today, language(), state=query.state, query=query.q, page=query.page)
    )


@api.get("/parcels/<string:number>", summary="One parcel")
@right("post.desk")
def parcel(path: ParcelPath) -> Response:
    """Its way, its order, its terms, its complaints."""
    return _page(path.number, g.actor)


@api.post("/parcels/<string:number>/moves", summary="Cancel a parcel, or note what the post told of it")
@right("post.desk")
@idempotent
def move(path: ParcelPath, body: ParcelMoveBody) -> Response:
    """A delivered result is handed over; one that came back waits at the counter."""
    if body.move == "cancel":
        cancel_parcel(path.number, g.actor, g.now)
        return _page(path.number, NOBODY)
    told = StatusTold(
        number=path.number,
        status=status_of(body.move),
        at=read_moment(body.at, g.now),
        receiver=receiver_of(body.receiver),
        name=body.name,
        id_checked=body.id_checked,
        reason=body.reason,
        collected=body.collected,
    )
    record_status(path.number, told, g.actor, g.now)
    return _page(path.number, NOBODY)


@api.post("/parcels/<string:number>/label", summary="Print a parcel's label")
@right("post.desk")
@idempotent
def label(path: ParcelPath) -> Response:
    """On the server's first ticket printer."""
    return answer({"job": print_label(find_parcel(g.actor.office_id, path.number), g.actor, g.now)}, 201)


@api.post("/parcels/<string:number>/complaints", summary="Complain of a parcel")
@right("post.desk")
@idempotent
def complaint(path: ParcelPath, body: ComplaintBody) -> Response:
    """The day by which the post answers."""
    row = complain(path.number, body.what, g.actor, g.now)
    return answer({"id": row.id, "answer_due_on": row.answer_due_on.isoformat()}, 201)


@api.post("/complaints/<int:id>/answer", summary="What the post answered")
@right("post.manage")
@idempotent
def answered(path: IdPath, body: ComplaintAnswerBody) -> Response:
    """Compensation is nothing, or at least what the law says."""
    row = answer_complaint(path.id, body.answer, body.compensation, g.actor, g.now)
    return answer({"id": row.id, "compensation": row.compensation})


@api.post("/manifests", summary="Begin a manifest")
@right("post.desk")
@idempotent
def begin(body: ManifestBody) -> Response:
    """With `corrects`, one that puts a closed one right."""
    row = open_manifest(g.actor, g.now, **body.model_dump())
    return answer(shown.manifest_card(row), 201)


@api.get("/manifests", summary="Manifests")
@right("post.desk")
def manifests() -> Response:
    """Open ones first."""
    return answer({"items": shown.manifests(g.actor.office_id)})


@api.get("/manifests/<int:id>", summary="One manifest")
@right("post.desk")
def manifest(path: IdPath) -> Response:
    """Its lines; of a closed one, whether it is still what was signed."""
    row = find_manifest(g.actor.office_id, path.id)
    return answer(shown.manifest_page(row, g.actor, language()))


@api.post("/manifests/<int:id>/lines", summary="Put a parcel on a manifest")
@right("post.desk")
@idempotent
def add_line(path: IdPath, body: LineBody) -> Response:
    """By its number or its dossier's code."""
    line = add_to_manifest(path.id, body.code, g.actor, g.now)
    card = shown.parcel_card(line.parcel, NOBODY, language())
    return answer({"place": line.place, "kind": line.kind, "parcel": card}, 201)


@api.delete("/manifests/<int:id>/lines/<string:number>", summary="Take a parcel off an open manifest")
@right("post.desk")
def remove_line(path: ManifestLinePath) -> Response:
    """The parcel is free again."""
    remove_from_manifest(path.id, path.number, g.actor, g.now)
    return Response(status=204)


@api.post("/manifests/<int:id>/close", summary="Sign a manifest")
@right("post.desk")
@idempotent
def close(path: IdPath, body: SignBody) -> Response:
    """It gets its number and never changes again."""
    row = close_manifest(path.id, body.postman, g.actor, g.now)
    return answer(_without_names(shown.manifest_page(row, NOBODY, language())))


@api.delete("/manifests/<int:id>", summary="Give an open manifest up")
@right("post.desk")
def drop_manifest(path: IdPath) -> Response:
    """Its parcels are free again."""
    cancel_manifest(path.id, g.actor, g.now)
    return Response(status=204)


@api.post("/handovers", summary="Begin a handover record")
@right("post.desk")
@idempotent
def begin_intake(body: IntakeBody) -> Response:
    """For what a postman brings at one time."""
    row = open_intake(g.actor, g.now, **body.model_dump())
    return answer(shown.intake_card(row, 0), 201)


@api.get("/handovers", summary="Handover records")
@right("post.desk")
def intakes() -> Response:
    """Open ones first."""
    return answer({"items": shown.intakes(g.actor.office_id)})


@api.get("/handovers/<int:id>", summary="One handover record")
@right("post.desk")
def intake(path: IdPath) -> Response:
    """Its envelopes, both counts, and what differs."""
    row = find_intake(g.actor.office_id, path.id)
    return answer(shown.intake_page(row, g.actor, language()))


@api.post("/handovers/<int:id>/envelopes", summary="List an envelope")
@right("post.desk")
@idempotent
def envelope(path: IdPath, body: EnvelopeBody) -> Response:
    """Nothing is received before the record is signed."""
    facts: dict[str, Any] = body.model_dump()
    # A count of its own only where the desk says one.
    facts["papers"] = [
        {name: value for name, value in each.items() if value is not None} for each in facts["papers"]
    ]
    row = add_envelope(path.id, Envelope(**facts), g.actor, g.now)
    return answer({"id": row.id, "number": row.number, "fee_total": row.fee_total}, 201)


@api.delete("/handovers/<int:id>/envelopes/<int:item>", summary="Take an envelope off an open record")
@right("post.desk")
def remove_item(path: ItemPath) -> Response:
    """What was typed of its owner is forgotten."""
    remove_envelope(path.id, path.item, g.actor, g.now)
    return Response(status=204)


@api.post("/handovers/<int:id>/sign", summary="Sign a handover record")
@right("post.desk")
@idempotent
def sign(path: IdPath, body: SignBody) -> Response:
    """Every dossier on it is received at this moment."""
    row = sign_intake(path.id, body.postman, g.actor, g.now)
    return answer(_without_names(shown.intake_page(row, NOBODY, language())))


@api.delete("/handovers/<int:id>", summary="Give an open record up")
@right("post.desk")
def drop_intake(path: IdPath) -> Response:
    """What was typed is forgotten."""
    cancel_intake(path.id, g.actor, g.now)
    return Response(status=204)


@api.get("/numbers", summary="Numbers the post allotted")
@right("post.desk")
def numbers() -> Response:
    """The latest first, with how many are left."""
    return answer({"items": shown.pools(g.actor.office_id)})


@api.post("/numbers", summary="Enter numbers the post allotted")
@right("post.manage")
@idempotent
def allot(body: PoolBody) -> Response:
    """Two letters, and the first and the last."""
    row = allot_numbers(
        body.service, body.first, body.last, g.actor, g.now, carrier=body.carrier, note=body.note
    )
    return answer({"id": row.id, "total": row.last - row.first + 1}, 201)


@api.post("/news", summary="Upload a file of the post's news")
@large
@right("post.manage")
def upload(query: NewsQuery) -> Response:
    """The file is the body; it is checked at once and worked off in the background (`GET /post/news/{id}`)."""
    return answer(shown.post_file_card(taken(request.get_data(), leave_out=query.leave_out)), 201)


@api.get("/news/<int:id>", summary="How far a file is")
@right("post.desk")
def news(path: IdPath) -> Response:
    """`done` of `rows`, and what moved, was kept or known."""
    return answer(shown.post_file_card(post_file_of(g.actor.office_id, path.id)))


@api.get("/money", summary="Money the post collected")
@right("post.manage")
def money() -> Response:
    """What it owes, and what it paid over."""
    return answer(shown.money_on_delivery(g.actor.office_id))


@api.post("/money", summary="The post paid over what it collected")
@right("post.manage")
@idempotent
def remit(body: RemitBody) -> Response:
    """The amount is the sum of the parcels, to the đồng."""
    row = remit_collected(body.numbers, body.amount, body.evidence, g.actor, g.now)
    return answer({"number": row.number, "amount": row.amount, "parcels": row.parcels}, 201)


@api.post("/quarters", summary="Note what the post reports of a quarter")
@right("post.manage")
@idempotent
def quarter(body: QuarterBody) -> Response:
    """Compared with our own count on the page of figures."""
    row = note_quarter(body.carrier, body.year, body.quarter, body.figures, g.actor, g.now)
    return answer({"year": row.year, "quarter": row.quarter, "figures": row.figures}, 201)


def read_moment(text: str | None, now: datetime) -> datetime:
    """A moment with its zone; now for none. Raises DomainError("moment_malformed", "moment_without_zone")."""
    if not text:
        return now
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise DomainError("moment_malformed", field="at") from None
    if at.tzinfo is None:
        raise DomainError("moment_without_zone", field="at")
    return at
