"""The public post as pages and the API show it: what waits, parcels, lists, records, the post's news and figures.

Names and addresses only for those who may see personal data.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from peewee import JOIN, fn

from kiosk.domain.dossier import Delivery, DossierState
from kiosk.domain.errors import DomainError
from kiosk.domain.permissions import Actor
from kiosk.domain.post.address import read_address
from kiosk.domain.post.s10 import looks_like_number
from kiosk.domain.post.states import ON_ITS_WAY, WITH_POST, ParcelState, Status
from kiosk.domain.post.terms import Zone, complaint_until, keep_until, least_compensation
from kiosk.i18n import translate
from kiosk.models import (
    Dossier,
    Manifest,
    ManifestLine,
    NumberPool,
    Parcel,
    ParcelComplaint,
    ParcelNews,
    ParcelOrder,
    Person,
    PostFile,
    PostFileRow,
    PostIntake,
    PostIntakeItem,
    PostQuarter,
    PostRemittance,
    PostWords,
    User,
)
from kiosk.services.notify.channels import channels_of
from kiosk.services.payment.request_payment import fee_owed
from kiosk.services.post.carriers import carriers_of, honoured_carrier, known_carriers
from kiosk.services.post.intake import differences, intake_holds
from kiosk.services.post.manifests import manifest_holds, scanned_parcel
from kiosk.services.post.numbers import LOW, make_number, numbers_left
from kiosk.services.post.orders import recipient_of
from kiosk.services.post.remit_collected import parcels_owing

PAGE_SIZE = 50
MOST_LISTED = 200
STATE_TITLES = {
    ParcelState.REGISTERED: "Chờ giao bưu điện",
    ParcelState.HANDED_OVER: "Đã giao bưu điện",
    ParcelState.ACCEPTED: "Bưu điện đã nhận",
    ParcelState.OUT_FOR_DELIVERY: "Đang giao",
    ParcelState.ATTEMPT_FAILED: "Chưa giao được",
    ParcelState.DELIVERED: "Đã giao",
    ParcelState.RETURNED: "Đã về Trung tâm",
    ParcelState.CANCELLED: "Đã hủy",
}
STATUS_TITLES = {
    Status.ACCEPTED: "Bưu điện đã nhận",
    Status.OUT_FOR_DELIVERY: "Đang giao",
    Status.ATTEMPT_FAILED: "Chưa giao được",
    Status.DELIVERED: "Đã giao",
    Status.RETURNED: "Đã về Trung tâm",
}
TELLERS = {"desk": "Bàn bưu chính", "file": "Tệp của bưu điện", "carrier": "Hệ thống bưu điện"}
ORDER_TITLES = {
    "waiting": "Đang gửi đơn",
    "sent": "Bưu điện đã có đơn",
    "refused": "Bưu điện từ chối đơn",
    "cancelling": "Đang hủy đơn",
    "cancelled": "Đã hủy đơn",
}
ORDER_PROBLEMS = {
    "post_busy": "Bưu điện đang bận, sẽ gửi lại",
    "unreachable": "Không liên lạc được bưu điện, sẽ gửi lại",
    "post_unreadable": "Không hiểu trả lời của bưu điện, sẽ gửi lại",
    "post_refuses_us": "Bưu điện không chấp nhận mã khách hàng hoặc khóa truy cập",
    "order_refused": "Bưu điện không nhận đơn này",
    "cancel_by_telephone": "Xin gọi điện báo bưu điện hủy đơn",
    "carrier_failed": "Phần mở rộng bưu chính gặp lỗi, sẽ gửi lại",
    "address_unsafe": "Địa chỉ giao diện không dùng được",
}
DECISION_TITLES = {"receive": "Tiếp nhận", "supplement": "Yêu cầu bổ sung", "refuse": "Từ chối"}
ZONE_TITLES = {
    Zone.DISTRICT: "Cùng địa bàn",
    Zone.PROVINCE: "Trong tỉnh",
    Zone.CITIES: "Giữa các thành phố lớn",
    Zone.NATION: "Liên tỉnh",
}
ERASED = "(đã xóa)"


def carriers(office_id: int, language: str) -> list[dict[str, Any]]:
    """The posts an office offers, with how many numbers are left."""
    return [
        {
            "key": key,
            "title": carrier.post.title_en if language == "en" else carrier.post.title,
            "numbers_left": numbers_left(office_id, key),
            "low": numbers_left(office_id, key) < LOW,
            "takes_orders": carrier.post.takes_orders,
        }
        for key, carrier in carriers_of(office_id).items()
    ]


def notice_channels(office_id: int, language: str) -> list[dict[str, str]]:
    """Ways in which a recipient may be told."""
    return [
        {"key": key, "title": channel.title_en if language == "en" else channel.title}
        for key, channel in channels_of(office_id).items()
    ]


def desk(office_id: int, today: date) -> dict[str, Any]:
    """What waits at the postal desk, counted."""
    mine = Parcel.select(fn.COUNT(Parcel.id)).where(Parcel.office == office_id)
    with_post = Parcel.state << [str(state) for state in WITH_POST]
    return {
        "results": _waiting(office_id).count(),
        "registered": mine.where(
            (Parcel.state == ParcelState.REGISTERED) & Parcel.manifest.is_null()
        ).scalar(),
        "with_post": mine.where(with_post).scalar(),
        "overdue": mine.where(with_post & (Parcel.due_on < today)).scalar(),
        "failed": mine.where(Parcel.state == ParcelState.ATTEMPT_FAILED).scalar(),
        "came_back": mine.where(
            (Parcel.state == ParcelState.RETURNED) & (Parcel.ended_on >= today - timedelta(days=30))
        ).scalar(),
        "complaints": ParcelComplaint.select()
        .where((ParcelComplaint.office == office_id) & ParcelComplaint.answered_on.is_null())
        .count(),
        "orders_refused": ParcelOrder.select()
        .where((ParcelOrder.office == office_id) & (ParcelOrder.state == "refused"))
        .count(),
    }


def _waiting(office_id: int) -> Any:
    """Finished dossiers that go by post and are in no parcel yet."""
    there = Parcel.select(Parcel.dossier).where((Parcel.office == office_id) & (Parcel.active == 1))
    return Dossier.select().where(
        (Dossier.office == office_id)
        & (Dossier.state == DossierState.FINISHED)
        & (Dossier.delivery == Delivery.POST)
        & Dossier.id.not_in(there)
    )


def results_waiting(office_id: int) -> list[dict[str, Any]]:
    """Results to be put into parcels, the longest waiting first."""
    rows = _waiting(office_id).order_by(Dossier.closed_on, Dossier.id).limit(MOST_LISTED)
    return [_dossier_card(row) for row in rows]


def scan(office_id: int, typed: str, actor: Actor, language: str) -> dict[str, Any]:
    """What a scanner read: {"kind": "parcel" or "dossier", ...}; an envelope's number leads to its dossier.

    Raises NotFound("unknown_parcel", "unknown_dossier"), DomainError of a number that cannot be, Conflict as
    `scanned_parcel` for a dossier that is in no parcel and not ready for one.
    """
    if looks_like_number(typed):
        envelope = PostIntakeItem.get_or_none(
            (PostIntakeItem.office == office_id)
            & (PostIntakeItem.number == "".join(typed.split()).upper())
            & PostIntakeItem.dossier.is_null(False)
        )
        if envelope is not None:
            return {"kind": "dossier", "dossier": _dossier_card(envelope.dossier), "number": envelope.number}
    try:
        parcel = scanned_parcel(office_id, typed)
    except DomainError as error:
        if error.code != "dossier_without_parcel":
            raise
        dossier = Dossier.get((Dossier.office == office_id) & (Dossier.code == error.fields["dossier"]))
        return {"kind": "dossier", "dossier": _dossier_card(dossier), "ready": dossier.state == "finished"}
    return {"kind": "parcel", "parcel": parcel_card(parcel, actor, language)}


def _dossier_card(dossier: Dossier) -> dict[str, Any]:
    return {
        "code": dossier.code,
        "department": dossier.department,
        "procedure": dossier.procedure_name,
        "state": str(dossier.state),
        "channel": str(dossier.channel),
        "delivery": str(dossier.delivery),
        "closed_on": dossier.closed_on.isoformat() if dossier.closed_on else None,
        "due_on": dossier.due_on.isoformat() if dossier.due_on else None,
    }


def new_parcel(dossier: Dossier, actor: Actor) -> dict[str, Any]:
    """What the form for a parcel begins with: the applicant's own address, read as well as it can be."""
    person = Person.get_or_none(Person.id == dossier.person_id) if dossier.person_id else None
    if person is None or person.erased_at is not None or not actor.may("dossier.personal"):
        person = Person(name="", phone="", email="", address="", deliver_to="")
    address = read_address(person.deliver_to or person.address)
    return {
        **_dossier_card(dossier),
        "name": person.name,
        "phone": "0" + person.phone.removeprefix("+84") if person.phone else "",
        "email": person.email,
        **address,
        "owed": fee_owed(dossier),
    }


def parcel_card(parcel: Parcel, actor: Actor, language: str) -> dict[str, Any]:
    """A parcel in a list; its recipient only for those who may see one."""
    dossier = parcel.dossier
    to = recipient_of(parcel) if actor.may("dossier.personal") else None
    return {
        "number": parcel.number,
        "state": str(parcel.state),
        "state_title": translate(STATE_TITLES[ParcelState(parcel.state)], language),
        "carrier": parcel.carrier,
        "dossier": dossier.code,
        "department": dossier.department,
        "procedure": dossier.procedure_name,
        "service": parcel.service,
        "zone": parcel.zone,
        "zone_title": translate(ZONE_TITLES[Zone(parcel.zone)], language),
        "days": parcel.days,
        "papers": parcel.papers,
        "take_back_papers": parcel.take_back_papers,
        "collect": parcel.collect,
        "collected": parcel.collected,
        "postage": parcel.postage,
        "note": parcel.note,
        "attempts": parcel.attempts,
        "manifest": parcel.manifest_id,
        "registered_on": parcel.registered_on.isoformat(),
        "handed_over_at": _iso(parcel.handed_over_at),
        "handed_over_on": _iso(parcel.handed_over_on),
        "due_on": _iso(parcel.due_on),
        "ended_on": _iso(parcel.ended_on),
        "recipient": None
        if to is None
        else {"name": to.name or translate(ERASED, language), "address": to.line, "phone": to.phone},
    }


def parcels(
    actor: Actor, today: date, language: str, *, state: str = "", query: str = "", page: int = 1
) -> dict[str, Any]:
    """A page of parcels, newest first; `state` also takes "overdue" and "on_its_way". Raises
    DomainError("unknown_state")."""
    wanted = Parcel.office == actor.office_id
    if state == "overdue":
        wanted &= (Parcel.state << [str(s) for s in WITH_POST]) & (Parcel.due_on < today)
    elif state == "on_its_way":
        wanted &= Parcel.state << [str(s) for s in ON_ITS_WAY]
    elif state in set(ParcelState):
        wanted &= Parcel.state == state
    elif state:
        allowed = [*map(str, ParcelState), "overdue", "on_its_way"]
        raise DomainError("unknown_state", state=state[:20], allowed=allowed)
    rows = Parcel.select(Parcel, Dossier).join(Dossier)
    if query.strip():
        typed = "".join(query.split()).upper()
        wanted &= Parcel.number.contains(typed) | Dossier.code.contains(typed)
    rows = rows.where(wanted)
    total = rows.count()
    shown = rows.order_by(Parcel.id.desc()).paginate(page, PAGE_SIZE)
    return {
        "items": [parcel_card(row, actor, language) for row in shown],
        "total": total,
        "page": page,
        "pages": max(1, -(-total // PAGE_SIZE)),
    }


def parcel_page(parcel: Parcel, actor: Actor, today: date, language: str) -> dict[str, Any]:
    """Everything about a parcel: its way, its order, complaints, what may be done."""
    terms = honoured_carrier(parcel.office_id, parcel.carrier).post.terms
    personal = actor.may("dossier.personal")
    order = ParcelOrder.get_or_none(ParcelOrder.parcel == parcel.id)
    began = parcel.handed_over_on
    kept = keep_until(began or parcel.registered_on, terms)
    news = (
        ParcelNews.select(ParcelNews, PostWords)
        .join(PostWords, JOIN.LEFT_OUTER)
        .where(ParcelNews.parcel == parcel.id)
        .order_by(ParcelNews.at.desc(), ParcelNews.id.desc())
    )
    complaints = ParcelComplaint.select().where(ParcelComplaint.parcel == parcel.id)
    return {
        **parcel_card(parcel, actor, language),
        "id": parcel.id,
        "overdue": bool(parcel.due_on and parcel.due_on < today and ParcelState(parcel.state) in WITH_POST),
        "late": bool(parcel.due_on and parcel.ended_on and parcel.ended_on > parcel.due_on),
        "told_by": parcel.told_by,
        "news": [
            {
                "status": each.status,
                "title": translate(STATUS_TITLES[Status(each.status)], language),
                "at": each.at.isoformat(),
                "told_by": translate(TELLERS[each.told_by], language),
                "receiver": each.receiver,
                "id_checked": each.id_checked,
                "collected": each.collected,
                "name": each.words.name if personal and each.words_id else "",
                "reason": each.words.remark if personal and each.words_id else "",
                "moved": bool(each.moved),
            }
            for each in news
        ],
        "order": None
        if order is None
        else {
            "state": order.state,
            "title": translate(ORDER_TITLES[order.state], language),
            "tries": order.tries,
            "problem": order.problem,
            "problem_title": problem_title(order.problem, language),
            "reference": order.reference,
        },
        "terms": {
            "complain_until": complaint_until(began, terms).isoformat() if began else None,
            "least_compensation": least_compensation(parcel.postage, terms),
            "invitations": terms.invitations,
            "paper_until": kept[0].isoformat(),
            "electronic_until": kept[1].isoformat(),
            "basis": terms.basis,
        },
        "complaints": [
            {
                "id": each.id,
                "what": each.what if personal else "",
                "opened_on": each.opened_on.isoformat(),
                "answer_due_on": each.answer_due_on.isoformat(),
                "overdue": each.answered_on is None and each.answer_due_on < today,
                "answered_on": _iso(each.answered_on),
                "answer": each.answer if personal else "",
                "compensation": each.compensation,
            }
            for each in complaints.order_by(ParcelComplaint.id.desc())
        ],
        "with_post": ParcelState(parcel.state) in WITH_POST,
        "may_complain": bool(began and today <= complaint_until(began, terms)),
        "manifest_number": _manifest_number(parcel),
    }


def _manifest_number(parcel: Parcel) -> str:
    row = Manifest.get_or_none(Manifest.id == parcel.manifest_id) if parcel.manifest_id else None
    return numbered(row) if row is not None else ""


def parcels_of_dossier(dossier_id: int, language: str) -> list[dict[str, Any]]:
    """A dossier's parcels for its page, the latest first; nothing personal."""
    rows = Parcel.select().where(Parcel.dossier == dossier_id).order_by(Parcel.id.desc())
    return [
        {
            "number": row.number,
            "state": str(row.state),
            "state_title": translate(STATE_TITLES[ParcelState(row.state)], language),
            "due_on": _iso(row.due_on),
            "ended_on": _iso(row.ended_on),
        }
        for row in rows
    ]


def numbered(row: Manifest | PostIntake) -> str:
    """A list's or record's number as it stands on paper, "" before it is signed."""
    mark = "BK-BCCI" if isinstance(row, Manifest) else "BBGN-BCCI"
    return f"{row.number}/{row.year}/{mark}" if row.number else ""


def manifests(office_id: int) -> list[dict[str, Any]]:
    """Open lists first, then the latest that were closed."""
    rows = Manifest.select().where((Manifest.office == office_id) & (Manifest.state != "cancelled"))
    rows = rows.order_by(Manifest.closed_at.is_null().desc(), Manifest.id.desc()).limit(MOST_LISTED)
    counts = dict(
        ManifestLine.select(ManifestLine.manifest, fn.COUNT(ManifestLine.id))
        .join(Manifest)
        .where((Manifest.office == office_id) & (Manifest.state == "open"))
        .group_by(ManifestLine.manifest)
        .tuples()
    )
    return [manifest_card(row, counts.get(row.id)) for row in rows]


def manifest_card(row: Manifest, lines: int | None = None) -> dict[str, Any]:
    """A list in a list."""
    return {
        "id": row.id,
        "state": row.state,
        "number": numbered(row),
        "carrier": row.carrier,
        "corrects": row.corrects_id,
        "corrects_number": numbered(row.corrects) if row.corrects_id else "",
        "note": row.note,
        "opened_at": row.opened_at.isoformat(),
        "closed_at": _iso(row.closed_at),
        "parcels": row.parcels if row.state == "closed" else lines or 0,
        "taken_back": row.taken_back,
        "collect": row.collect,
        "postage": row.postage,
        "digest": row.digest,
    }


def manifest_page(row: Manifest, actor: Actor, language: str) -> dict[str, Any]:
    """A list with its lines; recipients for those who may see them. Frozen facts of a closed one, live ones of an open."""
    lines = (
        ManifestLine.select(ManifestLine, Parcel, Dossier)
        .join(Parcel)
        .join(Dossier)
        .where(ManifestLine.manifest == row.id)
        .order_by(ManifestLine.place)
    )
    shown = [_line(each, actor) for each in lines]
    out = [each for each in shown if each["kind"] == "out"]
    card = manifest_card(row, len(out))
    if row.state == "open":
        card |= {
            "collect": sum(each["collect"] for each in out),
            "postage": sum(each["postage"] for each in out),
            "taken_back": len(shown) - len(out),
        }
    return {
        **card,
        "lines": shown,
        "postman": row.postman.name if row.postman_id else "",
        "by": _user(row.officer_id),
        "holds": row.state != "closed" or manifest_holds(row),
        "carrier_title": _carrier_title(row.office_id, row.carrier, language),
        "corrected_by": [
            {"id": other.id, "number": numbered(other)}
            for other in Manifest.select().where((Manifest.corrects == row.id) & (Manifest.state == "closed"))
        ],
    }


def _line(line: ManifestLine, actor: Actor) -> dict[str, Any]:
    parcel = line.parcel
    to = recipient_of(parcel) if actor.may("dossier.personal") else None
    facts = line.facts or {
        "number": parcel.number,
        "code": parcel.dossier.code,
        "department": parcel.dossier.department,
        "procedure": parcel.dossier.procedure_name,
        "papers": parcel.papers,
        "take_back_papers": parcel.take_back_papers,
        "collect": parcel.collect,
        "postage": parcel.postage,
        "note": parcel.note,
        "due_on": None,
    }
    return {
        **{name: value for name, value in facts.items() if name != "addressee"},
        "place": line.place,
        "kind": line.kind,
        "name": to.name if to else "",
        "address": to.line if to else "",
        "phone": to.phone if to else "",
    }


def intakes(office_id: int) -> list[dict[str, Any]]:
    """Open handover records first, then the latest that were signed."""
    rows = PostIntake.select().where((PostIntake.office == office_id) & (PostIntake.state != "cancelled"))
    rows = rows.order_by(PostIntake.signed_at.is_null().desc(), PostIntake.id.desc()).limit(MOST_LISTED)
    counts = dict(
        PostIntakeItem.select(PostIntakeItem.intake, fn.COUNT(PostIntakeItem.id))
        .where(PostIntakeItem.office == office_id)
        .group_by(PostIntakeItem.intake)
        .tuples()
    )
    return [intake_card(row, counts.get(row.id, 0)) for row in rows]


def intake_card(row: PostIntake, envelopes: int) -> dict[str, Any]:
    """A record in a list."""
    return {
        "id": row.id,
        "state": row.state,
        "number": numbered(row),
        "carrier": row.carrier,
        "note": row.note,
        "opened_at": row.opened_at.isoformat(),
        "signed_at": _iso(row.signed_at),
        "envelopes": envelopes,
        "accepted": row.accepted,
        "declined": row.declined,
        "fees": row.fees,
        "digest": row.digest,
    }


def intake_page(row: PostIntake, actor: Actor, language: str) -> dict[str, Any]:
    """A record with its envelopes; applicants for those who may see them."""
    items = list(
        PostIntakeItem.select(PostIntakeItem, Dossier)
        .join(Dossier, JOIN.LEFT_OUTER)
        .where(PostIntakeItem.intake == row.id)
        .order_by(PostIntakeItem.id)
    )
    card = intake_card(row, len(items))
    if row.state == "open":
        card["fees"] = sum(item.fee_collected for item in items)
    return {
        **card,
        "items": [_item(item, actor, language) for item in items],
        "postman": row.postman.name if row.postman_id else "",
        "by": _user(row.officer_id),
        "holds": row.state != "signed" or intake_holds(row),
        "carrier_title": _carrier_title(row.office_id, row.carrier, language),
    }


def _item(item: PostIntakeItem, actor: Actor, language: str) -> dict[str, Any]:
    dossier = item.dossier if item.dossier_id else None
    person = _applicant(item) if actor.may("dossier.personal") else None
    return {
        "id": item.id,
        "number": item.number,
        "department": item.department,
        "procedure": item.procedure_name,
        "papers": item.papers,
        "differences": differences(item.papers),
        "fee_total": item.fee_total,
        "fee_collected": item.fee_collected,
        "decision": item.decision,
        "decision_title": translate(DECISION_TITLES[item.decision], language),
        "reason": item.reason,
        "delivery": item.delivery,
        "postmark_on": _iso(item.postmark_on),
        "sent_on": _iso(item.sent_on),
        "slip_due_on": _iso(item.slip_due_on),
        "dossier": dossier.code if dossier else None,
        "due_on": _iso(dossier.due_on) if dossier else None,
        "declined": item.declined_id,
        "applicant": person.name if person is not None and person.erased_at is None else "",
    }


def _applicant(item: PostIntakeItem) -> Person | None:
    if item.person_id:
        return item.person
    owner = item.dossier if item.dossier_id else item.declined if item.declined_id else None
    return owner.person if owner is not None and owner.person_id else None


def pools(office_id: int) -> list[dict[str, Any]]:
    """The serials that were allotted, the latest first."""
    rows = NumberPool.select().where(NumberPool.office == office_id).order_by(NumberPool.id.desc())
    return [
        {
            "id": row.id,
            "carrier": row.carrier,
            "service": row.service,
            "first": make_number(row.service, row.first),
            "last": make_number(row.service, row.last),
            "next": make_number(row.service, row.next) if row.next <= row.last else None,
            "total": row.last - row.first + 1,
            "left": max(0, row.last - row.next + 1),
            "active": bool(row.active),
            "note": row.note,
        }
        for row in rows
    ]


def post_files(office_id: int) -> list[dict[str, Any]]:
    """The files of news that were uploaded, the latest first."""
    rows = PostFile.select().where((PostFile.office == office_id) & (PostFile.rows > 0))
    return [post_file_card(row) for row in rows.order_by(PostFile.id.desc()).limit(MOST_LISTED)]


def post_file_card(row: PostFile) -> dict[str, Any]:
    """How far a file is."""
    return {
        "id": row.id,
        "carrier": row.carrier,
        "rows": row.rows,
        "done": row.done,
        "moved": row.moved,
        "kept": row.kept,
        "known": row.known,
        "refused": row.refused,
        "left_out": row.left_out,
        "created_at": row.created_at.isoformat(),
        "finished": row.finished_at is not None,
        "finished_at": _iso(row.finished_at),
    }


def refused_rows(file: PostFile) -> list[dict[str, Any]]:
    """Rows that had become impossible between the check and their turn."""
    rows = (
        PostFileRow.select(PostFileRow, Parcel.number)
        .join(Parcel)
        .where((PostFileRow.file == file.id) & PostFileRow.outcome.not_in(("", "moved", "kept", "known")))
        .order_by(PostFileRow.number)
        .limit(MOST_LISTED)
    )
    return [{"row": row.number, "number": row.parcel.number, "code": row.outcome} for row in rows]


def money_on_delivery(office_id: int) -> dict[str, Any]:
    """What the post has collected and not paid over, and what it has paid over."""
    owing = parcels_owing(office_id)
    rows = PostRemittance.select().where(PostRemittance.office == office_id)
    return {
        "owing": [
            {
                "number": each.number,
                "dossier": each.dossier.code,
                "collected": each.collected,
                "collect": each.collect,
                "ended_on": _iso(each.ended_on),
            }
            for each in owing
        ],
        "total": sum(each.collected for each in owing),
        "remitted": [
            {
                "number": row.number,
                "amount": row.amount,
                "parcels": row.parcels,
                "evidence": row.evidence,
                "at": row.at.isoformat(),
            }
            for row in rows.order_by(PostRemittance.id.desc()).limit(MOST_LISTED)
        ],
    }


def complaints(office_id: int, today: date) -> list[dict[str, Any]]:
    """Open complaints, the most urgent first."""
    rows = (
        ParcelComplaint.select(ParcelComplaint, Parcel.number)
        .join(Parcel)
        .where((ParcelComplaint.office == office_id) & ParcelComplaint.answered_on.is_null())
        .order_by(ParcelComplaint.answer_due_on)
    )
    return [
        {
            "id": row.id,
            "number": row.parcel.number,
            "opened_on": row.opened_on.isoformat(),
            "answer_due_on": row.answer_due_on.isoformat(),
            "overdue": row.answer_due_on < today,
        }
        for row in rows
    ]


def problem_title(code: str, language: str) -> str:
    """Why the post's system does not have an order yet; a plugin's own word where it has one."""
    return translate(ORDER_PROBLEMS[code], language) if code in ORDER_PROBLEMS else code


def refused_orders(office_id: int, language: str) -> list[dict[str, Any]]:
    """Orders the post would not take."""
    rows = (
        ParcelOrder.select(ParcelOrder, Parcel.number)
        .join(Parcel)
        .where((ParcelOrder.office == office_id) & (ParcelOrder.state == "refused"))
        .order_by(ParcelOrder.id)
    )
    return [
        {"number": row.parcel.number, "problem": problem_title(row.problem, language), "tries": row.tries}
        for row in rows
    ]


def quarter_noted(office_id: int, carrier: str, year: int, quarter: int) -> dict[str, int] | None:
    """What the post reported of a quarter, if it did."""
    row = PostQuarter.get_or_none(
        (PostQuarter.office == office_id)
        & (PostQuarter.carrier == carrier)
        & (PostQuarter.year == year)
        & (PostQuarter.quarter == quarter)
    )
    return row.figures if row is not None else None


def parcel_list(office_id: int, first: date, last: date) -> Iterable[tuple[str, str, str, str, str]]:
    """(number, dossier, state, handed over, ended) of the parcels behind a period's figures."""
    rows = (
        Parcel.select(Parcel, Dossier.code)
        .join(Dossier)
        .where(
            (Parcel.office == office_id)
            & (Parcel.handed_over_on.between(first, last) | Parcel.ended_on.between(first, last))
        )
        .order_by(Parcel.handed_over_on, Parcel.number)
    )
    for row in rows:
        yield (
            row.number,
            row.dossier.code,
            str(row.state),
            _vietnamese(row.handed_over_on),
            _vietnamese(row.ended_on),
        )


def carrier_titles(office_id: int, language: str) -> dict[str, str]:
    """Every carrier that is set up, switched on or not."""
    return {
        key: carrier.post.title_en if language == "en" else carrier.post.title
        for key, carrier in known_carriers(office_id).items()
    }


def _carrier_title(office_id: int, key: str, language: str) -> str:
    return carrier_titles(office_id, language).get(key, key)


def _vietnamese(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None


def _user(key: int | None) -> str:
    row = User.get_or_none(User.id == key) if key else None
    return row.display_name if row is not None else ""
