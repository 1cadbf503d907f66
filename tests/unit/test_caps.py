"""How much may be handed in, and what a definition may say of it."""

import pytest
from pydantic import ValidationError

from duban.domain.caps import COMMON, MB, Caps, caps, size_phrase
from duban.domain.notice import Deliverable
from duban.domain.soundness import Finding, findings
from factories import deliverable, notice, on, stage


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, COMMON),
        ({"max_file_mb": 20}, Caps(file=20 * MB, files=30, total=200 * MB, is_own=True)),
        ({"max_file_mb": 500}, Caps(file=500 * MB, files=30, total=500 * MB, is_own=True)),
        ({"max_file_mb": 500, "max_files": 3}, Caps(file=500 * MB, files=3, total=1500 * MB, is_own=True)),
        ({"max_files": 60}, Caps(file=20 * MB, files=60, total=1200 * MB, is_own=True)),
        ({"max_files": 1}, Caps(file=20 * MB, files=1, total=20 * MB, is_own=True)),
    ],
)
def test_the_caps_of_a_deliverable(said: dict[str, int], expected: Caps) -> None:
    assert caps(Deliverable.model_validate(deliverable(**said))) == expected
    assert Caps(file=20 * MB, files=30, total=200 * MB, is_own=False) == COMMON


@pytest.mark.parametrize(
    ("key", "value", "is_taken"),
    [
        ("max_file_mb", 0, False),
        ("max_file_mb", 1, True),
        ("max_file_mb", 500, True),
        ("max_file_mb", 501, False),
        ("max_files", 0, False),
        ("max_files", 1, True),
        ("max_files", 200, True),
        ("max_files", 201, False),
    ],
)
def test_a_definition_keeps_to_the_bounds(key: str, value: int, is_taken: bool) -> None:
    if is_taken:
        assert getattr(Deliverable.model_validate(deliverable(**{key: value})), key) == value
    else:
        with pytest.raises(ValidationError):
            Deliverable.model_validate(deliverable(**{key: value}))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (4, []),
        (
            5,
            [
                Finding(
                    loc=("stages", 0, "deliverables", 0, "max_files"),
                    zh="材料“video”每个单位最多可报 2500 MB",
                    hint="请确认磁盘放得下，或减小 max_file_mb、max_files",
                    severity="warning",
                )
            ],
        ),
    ],
)
def test_much_to_keep_is_told(files: int, expected: list[Finding]) -> None:
    video = deliverable("video", max_file_mb=500, max_files=files)
    assert findings(notice(stage(on("2021-10-15"), video))) == expected


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "1 KB"),
        (1024 * 24, "24 KB"),
        (MB - 1, "1024 KB"),
        (MB, "1 MB"),
        (MB * 3 // 2, "1.5 MB"),
        (500 * MB, "500 MB"),
    ],
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert size_phrase(size) == words
