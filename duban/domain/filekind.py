"""The words for files that were handed in: what they are, and what one should know of them.

Without pydantic, so that the process that reads a file starts at once.
"""

from enum import StrEnum


class FileKind(StrEnum):
    """What a file is by its content, whatever it is called."""

    DOCX = "docx"
    #: Word 97–2003; WPS writes the same container
    DOC = "doc"
    WPS = "wps"
    PDF = "pdf"
    TXT = "txt"
    XLSX = "xlsx"
    XLS = "xls"
    ET = "et"
    PPTX = "pptx"
    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    BMP = "bmp"
    TIFF = "tiff"
    WEBP = "webp"
    HEIC = "heic"
    MP4 = "mp4"
    #: any other film or sound
    MEDIA = "media"
    ZIP = "zip"
    RAR = "rar"
    EMPTY = "empty"
    OTHER = "other"


class Mark(StrEnum):
    """What a person should know of a file before opening it, or why it could not be read."""

    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    #: what it is and what its name says are two things
    MISNAMED = "misnamed"
    #: a document of pictures, without a text layer
    SCAN = "scan"
    #: it would unfold beyond all measure (zip bomb, 100 megapixels)
    BOMB = "bomb"
    #: external entities or a document type declaration in XML
    ENTITIES = "entities"
    BROKEN = "broken"
    #: the reader needed too much time or memory, or died
    UNREADABLE = "unreadable"
    #: nothing here reads this kind (.doc without LibreOffice): a person must look
    BY_HAND = "by_hand"
