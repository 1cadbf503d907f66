"""What lasts as long as a notice does: a supplement cannot change it (domain rule 11)."""

from duban.domain.deadline import ByClass
from duban.domain.errors import InputRefused
from duban.domain.notice import Deliverable, Notice, Stage
from duban.domain.tracks import media_of


def check_same(before: Notice, after: Notice) -> None:
    """InputRefused, in one line, where a supplement would make another notice of it, or lose what was handed in."""
    fixed = {
        "编号": (before.id, after.id),
        "发文机关": (before.issuer, after.issuer),
        "发文字号": (before.document_number, after.document_number),
        "时区": (before.zone, after.zone),
    }
    for name, (was, is_) in fixed.items():
        if was != is_:
            zh = f"补充通知不能更改{name}：原为 {was}，现为 {is_}；请另行发布一份通知"
            raise InputRefused(zh, f"a supplement cannot change this: it was {was} and is {is_}")
    kept = {deliverable.id: deliverable for _, deliverable in before.placed()}
    for _, deliverable in after.placed():
        if deliverable.id in kept:
            _check_tracks(kept[deliverable.id], deliverable)
            _check_rhythm(before, after, deliverable)


def _check_tracks(was: Deliverable, deliverable: Deliverable) -> None:
    """What has come is counted track by track."""
    if media_of(was) != media_of(deliverable):
        zh = f"补充通知不能更改“{was.name}”的报送方式种类（电子、纸质等）；请取消该项，另设一项材料"
        raise InputRefused(zh, f"a supplement cannot change the tracks of {was.id}: drop it and ask for another")


def _check_rhythm(before: Notice, after: Notice, deliverable: Deliverable) -> None:
    """An occurrence has a key of its own: what was asked once cannot be asked every month."""
    was, is_ = (_is_recurring(notice.find(deliverable.id)[0]) for notice in (before, after))
    if was != is_:
        zh = f"补充通知不能在一次性与周期性之间更改“{deliverable.name}”的期限；请取消该项，另设一项材料"
        raise InputRefused(zh, f"{deliverable.id} cannot begin or cease to recur: drop it and ask for another")


def _is_recurring(stage: Stage) -> bool:
    deadline = stage.deadline
    every = deadline.classes.values() if isinstance(deadline, ByClass) else (deadline,)
    return any(form.kind == "recurring" for form in every)
