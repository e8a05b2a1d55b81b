"""The reference site: settings, sign-in, Oscar glue, integrations, demo channel. No business rule."""
