"""Texts of Django, allauth and Wagtail that people read beside ours, on account pages and in the back office.

They are collected with ours, so that the catalogue of the site, which is asked first, can say them in the words of the
other pages (one word for the e-mail address, one way to address the reader) and those that the library left in English.
Nothing imports this module.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

ACCOUNT_PAGES = (
    gettext_noop("A user is already registered with this email address."),
    gettext_noop("Add Email Address"),
    gettext_noop("Change Email"),
    gettext_noop("Confirm Email Address"),
    gettext_noop("Confirmation email sent to %(email)s."),
    gettext_noop("Current email"),
    gettext_noop("Email"),
    gettext_noop("Email (again)"),
    gettext_noop("Email Address"),
    gettext_noop("Email Addresses"),
    gettext_noop("Email address"),
    gettext_noop("Enter a valid email address."),
    gettext_noop("Primary"),
    gettext_noop("Re-send Verification"),
    gettext_noop("Removed email address %(email)s."),
    gettext_noop("The email address and/or password you specified are not correct."),
    gettext_noop("The following email addresses are associated with your account:"),
    gettext_noop("This email address is already associated with this account."),
    gettext_noop("Two-Factor Authentication"),
    gettext_noop("You cannot remove your primary email address (%(email)s)."),
    gettext_noop("You must type the same email each time."),
    gettext_noop("Your account has no verified email address."),
    gettext_noop("Your email address is still pending verification."),
    gettext_noop("Your old password was entered incorrectly. Please enter it again."),
    gettext_noop("Your password can’t be a commonly used password."),
    gettext_noop("Your password can’t be entirely numeric."),
    gettext_noop("Your password can’t be too similar to your other personal information."),
    gettext_noop("Your primary email address must be verified."),
    gettext_noop("email address"),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        1,
    ),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        1,
    ),
)

BACK_OFFICE = (
    # Wagtail shows the first part of "1 week, 5 days" and looks for this very comma to find it.
    gettext_noop(", "),
    gettext_noop("%(model_name)s '%(object)s' created."),
    gettext_noop("%(model_name)s '%(object)s' deleted."),
    gettext_noop("%(model_name)s '%(object)s' updated."),
    gettext_noop("Add %(label)s"),
    gettext_noop("Add %(model_name)s"),
    gettext_noop("Attribute option group"),
    gettext_noop("Attribute option groups"),
    gettext_noop("Are you sure you want to delete this %(model_name)s?"),
    gettext_noop("Are you sure you want to delete this %(snippet_type_name)s?"),
    gettext_noop("Delete %(snippet_type_name)s"),
    gettext_noop("Publish %(model_name)s"),
    gettext_noop("There are no %(model_name)s to display."),
    gettext_noop("Translate %(model_name)s"),
    gettext_noop("Wagtail %(current_version)s editor guide"),
    gettext_noop("Would you still like to publish this %(model_name)s?"),
    gettext_noop("You can edit the %(model_name)s here:"),
    gettext_noop("You don't have permission to delete this %(snippet_type_name)s"),
    gettext_noop("%(field_label)s:"),
    gettext_noop("%(start_index)s-%(end_index)s of %(items_count)s %(model_name)s"),
    gettext_noop("%(time_period)s ago by %(user_display_name)s"),
    gettext_noop("(Private %(object)s)"),
    gettext_noop("(blank)"),
    gettext_noop("Actions"),
    gettext_noop("Actions (footer)"),
    gettext_noop("Create a new %(model_name)s"),
    gettext_noop("Edit account avatar"),
    gettext_noop("Go to the first error"),
    gettext_noop("If you confirm deletion"),
    gettext_noop("New: %(model_name)s"),
    gettext_noop("No %(model_name)s match your query."),
    gettext_noop("One or more references to this %(model_name)s prevent it from being deleted."),
    gettext_noop("Layout"),
    gettext_noop("Product class"),
    gettext_noop("Product classes"),
    gettext_noop("Save changes"),
    gettext_noop("Search all pages…"),
    gettext_noop("Sort by '%(label)s' in ascending order."),
    gettext_noop("Sort by '%(label)s' in descending order."),
    gettext_noop("Status %(status)s"),
    gettext_noop("System"),
    gettext_noop('There are no %(model_name)s to display. Why not <a href="%(add_url)s">add one</a>?'),
    ngettext_lazy("Referenced %(count)s time", "Referenced %(count)s times", 1),
    ngettext_lazy(
        "This %(model_name)s is referenced %(usage_count)s time.",
        "This %(model_name)s is referenced %(usage_count)s times.",
        1,
    ),
)

#: What those who write pages and the handbook meet beside their text.
WRITING = (
    gettext_noop("%(time)s by %(user_display_name)s"),
    gettext_noop("%(time_period)s ago"),
    gettext_noop(
        "A heading that identifies the overall topic of the table, and is useful for screen reader users."
    ),
    gettext_noop("A network error occurred"),
    gettext_noop("Autosave is paused"),
    gettext_noop("Available in %(translations_total)s locales"),
    gettext_noop("Awaiting your review"),
    gettext_noop("Checks"),
    gettext_noop("Choose when this page should go live and/or expire"),
    gettext_noop("Choose who can view the live version of this page"),
    gettext_noop("Content metrics"),
    gettext_noop("Correct the validation errors to resume preview (saving will highlight errors)"),
    gettext_noop("Edited by"),
    gettext_noop("Exploring"),
    gettext_noop("Has child pages"),
    gettext_noop("How we calculate our metrics"),
    gettext_noop("Is commenting action"),
    gettext_noop("Locking: "),
    gettext_noop("Maximum filesize: %(max_upload_size)s."),
    gettext_noop("Page type"),
    gettext_noop("Page types usage"),
    gettext_noop("Privacy and access"),
    gettext_noop("Readability"),
    gettext_noop("Reading time"),
    gettext_noop("Save your changes before leaving"),
    gettext_noop("Shortcuts"),
    gettext_noop("Show keyboard shortcuts"),
    gettext_noop("The page title as you'd like it to be seen by the public"),
    gettext_noop("This data explained"),
    gettext_noop("Toggle checks"),
    gettext_noop(
        "Troubleshoot your connection to the site before proceeding. "
        "Open the editor in a separate tab to view the last saved version."
    ),
    gettext_noop("View latest version"),
    gettext_noop(
        "We calculate reading time from word count, using different reading speeds for different languages."
    ),
    gettext_noop(
        "We extract the main content from the page preview, remove all formatting, "
        "and calculate the number of words."
    ),
    gettext_noop(
        "We use a readability formula based on length of words and sentences. "
        "Long sentences and words result in a worse readability score."
    ),
    gettext_noop("Words"),
    gettext_noop("Your pages and snippets in a workflow"),
    ngettext_lazy(
        '%(total)s Document <span class="w-sr-only">created in %(site_name)s</span>',
        '%(total)s Documents <span class="w-sr-only">created in %(site_name)s</span>',
        1,
    ),
    ngettext_lazy(
        '%(total)s Image <span class="w-sr-only">created in %(site_name)s</span>',
        '%(total)s Images <span class="w-sr-only">created in %(site_name)s</span>',
        1,
    ),
    ngettext_lazy(
        '%(total)s Page <span class="w-sr-only">created in %(site_name)s</span>',
        '%(total)s Pages <span class="w-sr-only">created in %(site_name)s</span>',
        1,
    ),
    ngettext_lazy("%(num)d day", "%(num)d days", 1),
    ngettext_lazy("%(num)d month", "%(num)d months", 1),
)
