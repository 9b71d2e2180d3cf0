"""Problem documents for scripts (RFC 9457), and a service's refusal as an error of the form it came from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.forms import BaseForm
from django.http import HttpRequest, JsonResponse

from overt.shared.errors import BadInput, OvertError

PROBLEM = "application/problem+json"


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def wants_json(request: HttpRequest) -> bool:
    """Whether a script of a page asks: the islands say so first thing in Accept."""
    return request.headers.get("Accept", "").startswith("application/json")


def problem(status: int, code: str, title: str, detail: str, **more: object) -> JsonResponse:
    """`application/problem+json` with a stable `code`."""
    body = {"type": f"about:blank#{code}", "title": title, "status": status, "detail": detail, "code": code, **more}
    return JsonResponse(body, status=status, content_type=PROBLEM)


@contextmanager
def refusals_on(form: BaseForm) -> Iterator[None]:
    """What a service refuses to take becomes an error of the form, which the view then shows again (422).

    An error that names one of the form's fields (`field`) stands beside it.
    """
    try:
        yield
    except BadInput as error:
        add_refusal(form, error)


def add_refusal(form: BaseForm, error: OvertError) -> None:
    """Tell a refusal on its form: beside the field it names (`field`, or several of it), else at the head."""
    field = getattr(error, "field", None)
    form.add_error(next((name for name in (field, f"{field}s") if name in form.fields), None), str(error))
