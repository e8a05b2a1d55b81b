"""What happened in learning, told after the commit. Receivers get keyword arguments only."""

from django.dispatch import Signal

#: An attempt has its result: ``attempt_id``, ``exam_id``, ``user_id``, ``company_id``, ``passed``.
attempt_graded = Signal()
