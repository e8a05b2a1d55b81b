"""The platform: viewer, API conventions, imports, events, audit, mail, PDF; knows no company, product or order."""
