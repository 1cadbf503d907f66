"""How much of anything a file may need before it is refused."""

from dataclasses import dataclass

KIB, MIB = 1024, 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Sizes in bytes unless it says otherwise. The defaults fit a file of 20 MB, the most that may be handed in."""

    #: of the file itself
    file_size: int = 128 * MIB

    #: seconds of computing, and by the wall, before the child is killed
    cpu_seconds: int = 10
    wall_seconds: float = 20.0
    #: address space of the child
    memory: int = 512 * MIB
    #: what the child may answer
    answer_size: int = 32 * MIB

    #: what is inside an archive (docx and xlsx are archives), counted while reading
    entries: int = 2000
    unpacked: int = 300 * MIB
    #: unpacked by packed; not asked below ``unsuspicious`` bytes, where honest tables of blanks reach it
    ratio: int = 100
    unsuspicious: int = 8 * MIB
    #: a part that is read as a whole
    part: int = 48 * MIB

    #: pixels of a picture
    pixels: int = 50_000_000

    #: what is told of one file: characters, pictures, pages whose text is read
    characters: int = 2_000_000
    #: paragraphs and cells of a document
    blocks: int = 100_000
    pictures: int = 1000
    pages: int = 1000
    #: of a workbook, all sheets together; of a row
    cells: int = 200_000
    columns: int = 256

    #: seconds for LibreOffice, the wait for its turn included
    office_seconds: float = 60.0


LIMITS = Limits()
