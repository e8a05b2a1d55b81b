"""Every model of learning, gathered for Django. Code inside the plugin imports from the subjects."""

from .bank.models import Bank, Question, QuestionVersion
from .exams.models import Attempt, Exam, ExamAudience, ExamTerms, PaperItem, Section

__all__ = [
    "Attempt",
    "Bank",
    "Exam",
    "ExamAudience",
    "ExamTerms",
    "PaperItem",
    "Question",
    "QuestionVersion",
    "Section",
]
