"""Names in the document."""

import pytest
from qudao_core.headless import naming


@pytest.mark.parametrize(
    ("method", "path", "is_list", "name"),
    [
        ("GET", "/api/v1/orders/", True, "list_orders"),
        ("GET", "/api/v1/orders/{number}/", False, "get_order"),
        ("GET", "/api/v1/orders/{number}/shipments/", True, "list_order_shipments"),
        ("POST", "/api/v1/invoice-titles/", False, "create_invoice_title"),
        ("PATCH", "/api/v1/companies/{reference}/", False, "update_company"),
        ("DELETE", "/api/v1/carts/{cart}/lines/{line}/", False, "delete_cart_line"),
        ("DELETE", "/api/v1/addresses/{reference}/", False, "delete_address"),
        ("POST", "/api/v1/people/", False, "create_person"),
        ("PUT", "/api/v1/stock/policies/{audience_key}/", False, "set_stock_policy"),
    ],
)
def test_an_operation_is_called_like_a_function(method: str, path: str, is_list: bool, name: str) -> None:
    assert naming.operation_id(method, path, is_list=is_list) == name


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("OrderSchema", "Order"),
        ("ProductOutput", "Product"),
        ("OrderInput", "OrderInput"),
        ("Output", "Output"),
    ],
)
def test_a_schema_is_called_what_it_describes(kind: str, name: str) -> None:
    assert naming.schema_name(kind) == name


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("One order. With lines.", "One order"),
        ("What ``fields`` ask for,\nand more.\n\nThe rest.", "What fields ask for, and more"),
        ("Costs 1.5 times", "Costs 1.5 times"),
    ],
)
def test_the_first_sentence_is_the_summary(text: str, summary: str) -> None:
    assert naming.summary_of(text) == summary
