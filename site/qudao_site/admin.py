"""Oscar's admin classes name the user model in autocomplete_fields, so it has to be registered (admin.E039).

Django's admin itself is not mounted: Wagtail's is the one back office.
"""

from django.contrib import admin

from qudao_site.models import User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("email", "first_name", "last_name", "is_active")
    search_fields = ("email", "first_name", "last_name", "phone")
    exclude = ("password",)
