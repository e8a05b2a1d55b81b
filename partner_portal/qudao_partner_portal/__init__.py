"""The partner portal: companies and their people, who sees what, audit, events out, headless conventions."""
