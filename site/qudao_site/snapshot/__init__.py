"""The schema snapshot: what a database holds after migrating from nothing, as SQL, for each database vendor.

Rendering the models before each of some 400 migrations takes minutes; loading their result takes a second.
Migrations stay the truth: a test compares the two, and `./qudao snapshot` writes the files of this folder anew.

``migrations.txt``  the migrations and settings that the snapshot is of, with a hash of each file
``<vendor>.sql``    tables; after the line ``-- rows``, whatever is made once they are filled
``rows.sql``        what data migrations, content types and permissions put into them, for both vendors
``rows.<x>.sql``    the tables that hold something else in language, or on vendor, ``x``, or in both
"""
