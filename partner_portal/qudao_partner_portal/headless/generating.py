"""One at a time may ask spectacular.

While it is asked it loads its extensions and puts them into variables of its own, and the document is made under
settings of its own, which hold for the whole process. Two threads there at once (the first requests of a new process)
would meet half-loaded extensions, or read what they accept under the other's settings.
"""

from __future__ import annotations

import threading

#: Held by whoever uses spectacular outside of start-up; may be taken again by the thread that holds it.
generating = threading.RLock()
