"""How dates read where no page formats them itself: in mails, the back office and documents."""
