"""What the site adds to Wagtail's back office."""

from wagtail import hooks

from qudao_site.documentation import DocumentationMenuItem

hooks.register("register_help_menu_item", DocumentationMenuItem)
