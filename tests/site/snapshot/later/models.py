from django.db import models


class Later(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "later"

    def __str__(self) -> str:
        return self.name
