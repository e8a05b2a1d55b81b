"""Addresses of the imports, part of the portal's ``api_urlpatterns``."""

from __future__ import annotations

from django.urls import path

from . import rest
from .mapping import rest as mappings
from .undoing.rest import JobUndo

api_urlpatterns = [
    path("imports/", rest.JobList.as_view(), name="imports"),
    path("imports/kinds/", rest.KindList.as_view(), name="import-kinds"),
    path("imports/kinds/<str:kind>/template/", rest.KindTemplate.as_view(), name="import-template"),
    path("import-mappings/", mappings.SavedMappingList.as_view(), name="import-mappings"),
    path("import-mappings/<int:pk>/", mappings.SavedMappingDetail.as_view(), name="import-kept-mapping"),
    path("imports/<int:pk>/mapping/", mappings.JobMapping.as_view(), name="import-mapping"),
    path(
        "imports/<int:pk>/mapping/preview/",
        mappings.JobMappingPreview.as_view(),
        name="import-mapping-preview",
    ),
    path("imports/<int:pk>/", rest.JobDetail.as_view(), name="import"),
    path("imports/<int:pk>/apply/", rest.JobApply.as_view(), name="import-apply"),
    path("imports/<int:pk>/resume/", rest.JobResume.as_view(), name="import-resume"),
    path("imports/<int:pk>/discard/", rest.JobDiscard.as_view(), name="import-discard"),
    path("imports/<int:pk>/undo/", JobUndo.as_view(), name="import-undo"),
    path("imports/<int:pk>/rejected/", rest.JobRejected.as_view(), name="import-rejected"),
]
