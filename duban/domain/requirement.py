"""Requirements of materials as data (domain rule 5). A check finds, with the exact gap; a human decides."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from duban.domain.strict import Id, Strict, Words


class _Bounded(Strict):
    """A floor, a ceiling, or both; ``exactly`` is both at once."""

    min: int | None = Field(default=None, ge=0)
    max: int | None = Field(default=None, ge=0)
    exactly: int | None = Field(default=None, ge=0)
    #: the words as printed
    text: str = Field(default="", max_length=200)

    @model_validator(mode="after")
    def _in_order(self) -> "_Bounded":
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("bounds_order")
        return self


class CharacterCount(_Bounded):
    """``不少于1500字``, ``500字以内``, ``500字左右``: Word/WPS 字数."""

    kind: Literal["words"]
    about: int | None = Field(default=None, ge=1)
    #: how far from ``about`` is still about, in percent; set by the coordinator
    tolerance_percent: int = Field(default=10, ge=0, le=100)
    #: ``可另附页``: what is over the ceiling may go on a further page
    extra_pages: bool = False
    #: which part is counted, where it is not the whole
    part: str = Field(default="", max_length=100)


class TitleLength(_Bounded):
    """``标题20字内``."""

    kind: Literal["title"]


class PieceCount(_Bounded):
    """``照片8张``, ``典型活动案例2个``, ``3—5名``."""

    kind: Literal["count"]
    what: Words
    unit: Words = Field(default="份")


class Pictures(_Bounded):
    """``6张并命名``: pictures, each with a name if asked for."""

    kind: Literal["pictures"]
    named: bool = False
    #: the shorter side, in pixels; None where the notice prints only 清晰
    min_pixels: int | None = Field(default=None, ge=1)


class Filled(Strict):
    """A form of the notice, filled in."""

    kind: Literal["form"]
    form: Id


class Sections(Strict):
    """Parts that a text must have."""

    kind: Literal["sections"]
    titles: tuple[Words, ...] = Field(min_length=1)


class Formats(Strict):
    """Kinds of file or content asked for, as printed (``文字、视频、图片``)."""

    kind: Literal["formats"]
    formats: tuple[Words, ...] = Field(min_length=1)


class Remark(Strict):
    """A demand that only a person can judge."""

    kind: Literal["remark"]
    text: Words


Requirement = Annotated[
    CharacterCount | TitleLength | PieceCount | Pictures | Filled | Sections | Formats | Remark,
    Field(discriminator="kind"),
]


class Items(Strict):
    """Candidates inside an obligation (domain rule 6): one form each, and one summary form."""

    of: Literal["unit", "person", "project", "case"]
    #: the quota; both empty where the notice prints none
    min: int | None = Field(default=None, ge=0)
    max: int | None = Field(default=None, ge=1)
    form: Id | None = None
    summary_form: Id | None = None
    #: an order asked for (``按推荐顺序``) is kept
    ordered: bool = False
    text: str = Field(default="", max_length=200)
