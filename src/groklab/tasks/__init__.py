"""What can be learnt: tasks, and the operations that fill their tables."""

from groklab.tasks.base import Task
from groklab.tasks.binary_table import BinaryTable, Layout
from groklab.tasks.cells import ABSENT, UNKNOWN, Cells, Operation
from groklab.tasks.curve import Curve
from groklab.tasks.digit_addition import DigitAddition
from groklab.tasks.digits8 import Digits8
from groklab.tasks.given import Given, TableNote
from groklab.tasks.group import Group
from groklab.tasks.kernel_eigenvector import KernelEigenvector
from groklab.tasks.linear_teacher import LinearTeacher
from groklab.tasks.mnist import Mnist, Mnist5000
from groklab.tasks.modular import OPERATIONS, Modular
from groklab.tasks.molecules import Qm9, StandInMolecules
from groklab.tasks.named import operation_named
from groklab.tasks.parity import Parity
from groklab.tasks.polynomial_teacher import PolynomialTeacher
from groklab.tasks.puzzle import render
from groklab.tasks.repeats import Repeats
from groklab.tasks.reviews import Imdb, StandInReviews
from groklab.tasks.skip_trigrams import SkipTrigrams
from groklab.tasks.stream import Stream
from groklab.tasks.teacher_student import TeacherStudent
from groklab.tasks.vector_addition import VectorAddition

KINDS = (
    BinaryTable,
    DigitAddition,
    Repeats,
    SkipTrigrams,
    TeacherStudent,
    LinearTeacher,
    PolynomialTeacher,
    KernelEigenvector,
    Curve,
    Digits8,
    Mnist5000,
    Mnist,
    Parity,
    VectorAddition,
    StandInReviews,
    Imdb,
    StandInMolecules,
    Qm9,
)
OPERATION_KINDS = (Modular, Group, Given)

__all__ = [
    "ABSENT",
    "KINDS",
    "OPERATIONS",
    "OPERATION_KINDS",
    "UNKNOWN",
    "BinaryTable",
    "Cells",
    "Curve",
    "DigitAddition",
    "Digits8",
    "Given",
    "Group",
    "Imdb",
    "KernelEigenvector",
    "Layout",
    "LinearTeacher",
    "Mnist",
    "Mnist5000",
    "Modular",
    "Operation",
    "Parity",
    "PolynomialTeacher",
    "Qm9",
    "Repeats",
    "SkipTrigrams",
    "StandInMolecules",
    "StandInReviews",
    "Stream",
    "TableNote",
    "Task",
    "TeacherStudent",
    "VectorAddition",
    "operation_named",
    "render",
]
