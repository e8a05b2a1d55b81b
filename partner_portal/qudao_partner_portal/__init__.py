"""The partner portal: companies and their people, who sees what, documents, pages."""
