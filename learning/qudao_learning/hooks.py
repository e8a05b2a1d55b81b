"""Where other plugins and the subjects above have a say. Register in ``AppConfig.ready``.

>>> from qudao_learning import hooks
>>> hooks.pool_guards.register("exams", refuse_unfillable)      # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable

from qudao_core.hooks import Registry

#: Called with a bank's id, in the transaction that changed its questions, to refuse what no longer suffices.
pool_guards: Registry[Callable[[int], None]] = Registry("pool_guards")
