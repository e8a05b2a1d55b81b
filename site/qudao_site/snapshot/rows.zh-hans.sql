INSERT INTO "wagtailcore_locale" ("id", "language_code") VALUES
('1', 'zh-hans'),
('2', 'en');
INSERT INTO "wagtailcore_page" ("id", "path", "depth", "numchild", "title", "slug", "live", "has_unpublished_changes", "url_path", "seo_title", "show_in_menus", "search_description", "go_live_at", "expire_at", "expired", "content_type_id", "owner_id", "locked", "latest_revision_created_at", "first_published_at", "live_revision_id", "last_published_at", "draft_title", "locked_at", "locked_by_id", "locale_id", "translation_key", "alias_of_id", "latest_revision_id") VALUES
('1', '0001', '1', '1', 'Root', 'root', '1', '0', '/', '', '0', '', NULL, NULL, '0', '1', NULL, '0', NULL, NULL, NULL, NULL, 'Root', NULL, NULL, '1', '{uuid 1}', NULL, NULL),
('2', '00010001', '2', '0', '首页', 'home', '1', '0', '/home/', '', '0', '', NULL, NULL, '0', '1', NULL, '0', NULL, NULL, NULL, NULL, '首页', NULL, NULL, '1', '{uuid 2}', NULL, NULL);
