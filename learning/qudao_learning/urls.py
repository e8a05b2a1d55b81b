"""Addresses of learning. A host mounts ``web_urlpatterns`` at "" and ``api_urlpatterns`` at ``api/v1/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from .bank import rest as bank
from .exams import rest as exams
from .exams import web as exam_pages

app_name = "learning"

bank_api = [
    path("", bank.Banks.as_view(), name="question-banks"),
    path("<slug:code>/", bank.BankDetail.as_view(), name="question-bank"),
    path("<slug:code>/questions/", bank.Questions.as_view(), name="questions"),
    path("<slug:code>/questions/<int:pk>/", bank.QuestionDetail.as_view(), name="question"),
    path("<slug:code>/retire/", bank.QuestionsRetire.as_view(), name="questions-retire"),
    path("<slug:code>/export/", bank.QuestionsExport.as_view(), name="questions-export"),
    path("<slug:code>/import/", bank.QuestionsImport.as_view(), name="questions-import"),
]
definitions_api = [
    path("", exams.ExamDefinitions.as_view(), name="exam-definitions"),
    path("<slug:code>/", exams.ExamDefinitionDetail.as_view(), name="exam-definition"),
    path("<slug:code>/status/", exams.ExamDefinitionStatus.as_view(), name="exam-definition-status"),
    path("<slug:code>/terms/", exams.ExamTermsGrants.as_view(), name="exam-definition-terms"),
    path("<slug:code>/attempts/", exams.ExamDefinitionAttempts.as_view(), name="exam-definition-attempts"),
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("exams/", exams.Exams.as_view(), name="exams"),
    path("exams/<slug:code>/", exams.ExamDetail.as_view(), name="exam"),
    path("exams/<slug:code>/attempts/", exams.ExamAttempts.as_view(), name="exam-attempts"),
    path("attempts/", exams.Attempts.as_view(), name="attempts"),
    path("attempts/<uuid:key>/", exams.AttemptDetail.as_view(), name="attempt"),
    path("attempts/<uuid:key>/answers/", exams.AttemptAnswers.as_view(), name="attempt-answers"),
    path("attempts/<uuid:key>/submit/", exams.AttemptSubmit.as_view(), name="attempt-submit"),
    path("attempts/<uuid:key>/review/", exams.AttemptReview.as_view(), name="attempt-review"),
    path("attempts/<uuid:key>/grades/", exams.AttemptGrades.as_view(), name="attempt-grades"),
    path("question-banks/", include(bank_api)),
    path("exam-definitions/", include(definitions_api)),
]
web_urlpatterns: list[URLPattern | URLResolver] = [
    path("exams/", exam_pages.ExamsPage.as_view(), name="exams"),
    path("exams/<slug:code>/", exam_pages.ExamPage.as_view(), name="exam"),
    path("attempts/<uuid:key>/", exam_pages.AttemptPage.as_view(), name="attempt"),
    path("attempts/<uuid:key>/submit/", exam_pages.SubmitPage.as_view(), name="submit"),
    path("attempts/<uuid:key>/result/", exam_pages.ResultPage.as_view(), name="result"),
]
urlpatterns = web_urlpatterns
