"""The shapes of the handbook endpoints, for reading input and for the API reference."""

from __future__ import annotations

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from qudao_core.exports import serializers as exports
from rest_framework import serializers

from ..products.schemas import ProductOutput
from .models import Kind
from .pdf.models import HandbookExport

TYPES = ["handbook", "chapter", "topic"]


class HeadOutput(serializers.Serializer):
    """What handbooks, chapters and topics have in common."""

    id = serializers.IntegerField(help_text="The same in every language.")
    type = serializers.ChoiceField(TYPES)
    title = serializers.CharField()
    summary = serializers.CharField()
    kind = serializers.ChoiceField(Kind.choices, allow_null=True, help_text="Of topics.")
    language = serializers.CharField(help_text="Of the text given: the caller's, else the original's.")
    languages = serializers.ListField(child=serializers.CharField(), help_text="In which it is published.")
    published_at = serializers.DateTimeField(allow_null=True)
    source_changed_at = serializers.DateTimeField(
        allow_null=True, help_text="Since then the original says something else than this translation."
    )
    url = serializers.URLField()


class HandbookOutput(HeadOutput):
    topics = serializers.IntegerField(help_text="How many the caller may read.")


class ContentsEntryOutput(HeadOutput):
    children = serializers.ListField(
        child=serializers.DictField(), help_text="Entries of the same shape: sections and topics."
    )


class ContentsOutput(HandbookOutput):
    children = ContentsEntryOutput(many=True)


class PlaceOutput(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()


class NeighbourOutput(PlaceOutput):
    type = serializers.ChoiceField(TYPES)
    url = serializers.URLField()


class TopicRowOutput(HeadOutput):
    handbook = PlaceOutput()
    chapter = PlaceOutput(allow_null=True)


class PictureOutput(serializers.Serializer):
    id = serializers.IntegerField()
    alt = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    src = serializers.URLField()
    srcset = serializers.CharField()
    large = serializers.URLField(help_text="For zooming.")
    large_width = serializers.IntegerField()
    large_height = serializers.IntegerField()


class PaperOutput(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    filename = serializers.CharField()
    extension = serializers.CharField()
    size = serializers.IntegerField(allow_null=True, help_text="In bytes; null where it is not known yet.")
    content_type = serializers.CharField()
    url = serializers.URLField(help_text="Checks who asks.")


class BlockOutput(serializers.Serializer):
    """What every block has."""

    type = serializers.CharField()
    id = serializers.CharField()


class HeadingOutput(BlockOutput):
    text = serializers.CharField()
    level = serializers.IntegerField()
    anchor = serializers.CharField()


class TextOutput(BlockOutput):
    html = serializers.CharField(help_text="p, b, i, ul, ol, li, a, br; links lead where the caller may go.")


class ColumnOutput(serializers.Serializer):
    heading = serializers.CharField()
    is_number = serializers.BooleanField()


class TableOutput(BlockOutput):
    caption = serializers.CharField()
    columns = ColumnOutput(many=True)
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class ParameterOutput(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    unit = serializers.CharField()


class ParameterRowOutput(serializers.Serializer):
    id = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    url = serializers.URLField()
    values = serializers.ListField(
        child=serializers.CharField(), help_text="One for each attribute; empty where there is none."
    )


class ParametersOutput(BlockOutput):
    caption = serializers.CharField()
    attributes = ParameterOutput(many=True)
    products = ParameterRowOutput(many=True)


class DrawingOutput(BlockOutput):
    image = PictureOutput()
    caption = serializers.CharField()
    number = serializers.CharField()
    document = PaperOutput(allow_null=True)


class StepOutput(serializers.Serializer):
    number = serializers.IntegerField()
    title = serializers.CharField()
    html = serializers.CharField()
    image = PictureOutput(allow_null=True)


class StepsOutput(BlockOutput):
    title = serializers.CharField()
    steps = StepOutput(many=True)


class WarningOutput(BlockOutput):
    level = serializers.ChoiceField(["note", "caution", "warning", "danger"])
    label = serializers.CharField()
    title = serializers.CharField()
    html = serializers.CharField()


class QuestionOutput(serializers.Serializer):
    question = serializers.CharField()
    html = serializers.CharField()
    anchor = serializers.CharField()


class FaqOutput(BlockOutput):
    questions = QuestionOutput(many=True)


class DownloadsOutput(BlockOutput):
    title = serializers.CharField()
    documents = PaperOutput(many=True)


class VideoOutput(BlockOutput):
    document = PaperOutput(allow_null=True)
    url = serializers.CharField()
    poster = PictureOutput(allow_null=True)
    caption = serializers.CharField()
    transcript = serializers.CharField()


class ProductsOutput(BlockOutput):
    title = serializers.CharField()
    products = ProductOutput(many=True)


class ScriptOutput(BlockOutput):
    customer_says = serializers.CharField()
    html = serializers.CharField(help_text="What to answer.")
    why = serializers.CharField()
    products = ProductOutput(many=True)


BLOCKS = {
    "heading": HeadingOutput,
    "text": TextOutput,
    "table": TableOutput,
    "parameters": ParametersOutput,
    "drawing": DrawingOutput,
    "steps": StepsOutput,
    "warning": WarningOutput,
    "faq": FaqOutput,
    "downloads": DownloadsOutput,
    "video": VideoOutput,
    "products": ProductsOutput,
    "script": ScriptOutput,
}


@extend_schema_field(
    PolymorphicProxySerializer(
        component_name="HandbookBlock", serializers=BLOCKS, resource_type_field_name="type", many=True
    )
)
class BlocksField(serializers.ListField):
    """Blocks in reading order, each of a shape of its own."""


class TopicProductOutput(serializers.Serializer):
    role = serializers.ChoiceField(["about", "mentions"])
    product = ProductOutput()


class BodyOutput(serializers.Serializer):
    blocks = BlocksField()
    products = TopicProductOutput(many=True)


class TopicOutput(TopicRowOutput, BodyOutput):
    keywords = serializers.ListField(child=serializers.CharField())
    previous = NeighbourOutput(allow_null=True)
    next = NeighbourOutput(allow_null=True)


class PreviewOutput(BodyOutput):
    """A draft as it is being written."""

    id = serializers.IntegerField(allow_null=True)
    type = serializers.ChoiceField(TYPES)
    title = serializers.CharField()
    summary = serializers.CharField()
    kind = serializers.CharField(allow_null=True)
    language = serializers.CharField()


class ExportInput(serializers.Serializer):
    page = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, help_text="Id of the chapter or handbook."
    )
    scope = serializers.ChoiceField(HandbookExport.Scope.choices)


class ExportOutput(exports.ExportOutput):
    scope = serializers.ChoiceField(HandbookExport.Scope.choices)
    done = serializers.IntegerField(help_text="Topics written so far.")
