"""Mount with ``path("styleguide/", include("qudao_themes.urls"))``."""

from django.urls import path

from . import views

app_name = "qudao_themes"
urlpatterns = [
    path("", views.StyleGuideView.as_view(), name="styleguide"),
    path("layout/<slug:name>/", views.StyleGuideLayoutView.as_view(), name="styleguide_layout"),
    path("theme/", views.choose_theme, name="choose_theme"),
]
