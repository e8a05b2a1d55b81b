"""Take the text out of a file, in a process of its own that has little memory, little time and no secrets.

:func:`.process.extract` is the way in. Everything else here runs in the child and loads no Django.
"""
