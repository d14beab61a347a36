"""The measures of one frame in one language."""

from dataclasses import dataclass

from packager.typeset.faces import ARABIC, CHINESE, LATIN, MYANMAR, Face
from packager.values import Language

MARGIN = 0.085  # of the frame's width, on each side
TOP, BOTTOM = 0.11, 0.11  # of its height
_ROWS_DOWN, _EMS_ACROSS = 19, 18  # the most that stays readable on a phone
_FACES = {
    Language.FA: ARABIC,
    Language.AR: ARABIC,
    Language.ZH: CHINESE,
    Language.MY: MYANMAR,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A frame of ``width`` by ``height`` pixels; text is measured in ``em`` pixels."""

    width: int
    height: int
    em: float
    face: Face
    right_to_left: bool

    @property
    def room(self) -> float:
        """Width for text, in em."""
        return self.width * (1 - 2 * MARGIN) / self.em

    @property
    def depth(self) -> float:
        """Height for text, in em."""
        return self.height * (1 - TOP - BOTTOM) / self.em

    @property
    def leading(self) -> float:
        """Distance of two baselines, in em."""
        return self.face.leading * self.face.scale

    @property
    def edge(self) -> float:
        """The x where rows start: the left margin, or the right one."""
        return self.width * (1 - MARGIN if self.right_to_left else MARGIN)

    @property
    def side(self) -> int:
        """The alignment of rows: -1 left, 1 right."""
        return 1 if self.right_to_left else -1


def sheet(frame: tuple[int, int], language: Language) -> Sheet:
    """The measures for text in ``language`` on ``frame``."""
    width, height = frame
    em = min(height / _ROWS_DOWN, width / _EMS_ACROSS)
    return Sheet(width, height, em, _FACES.get(language, LATIN), language.right_to_left)
