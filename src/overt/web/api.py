"""The API: one NinjaAPI, to which each room adds its router; every error is a problem document (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from importlib import import_module
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver
from django.views.decorators.http import require_GET
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from footage import contract
from footage.contract import FootageError
from overt.accounts.api_auth import API_AUTH
from overt.rooms import modules
from overt.shared.errors import BadInput, OvertError
from overt.shared.problems import problem
from overt.shared.rfc3339 import MalformedTime
from overt.web.api_schema import with_problems
from overt.web.middleware import note_refusal

_FOOTAGE_STATUS: dict[type[FootageError], int] = {
    contract.NoFootage: 404,
    contract.BadSpan: 409,
    contract.NodeUnreachable: 503,
    contract.DiskFull: 507,
}


class OvertApi(NinjaAPI):
    """Says on its own who is signed in (401), where the pages would lead a stranger to the sign-in page."""

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        patterns = super()._get_urls()
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = login_not_required(pattern.callback)
        return patterns

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """By room and function, so that a client made from the document outlives a move within the room."""
        function = operation.view_func
        return f"{function.__module__.split('.')[1]}_{function.__name__}"

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> OpenAPISchema:
        return with_problems(super().get_openapi_schema(*args, **kwargs))


api = OvertApi(
    title="Overt",
    version="1",
    description="What scripts may ask and do, with the roles of whoever made their token.",
    urls_namespace="api",
    auth=API_AUTH,
    docs_url=None,
    openapi_url=None,
)


@api.exception_handler(OvertError)
def _overt_error(request: HttpRequest, error: OvertError) -> HttpResponse:
    note_refusal(request, error)
    # By now the document's own checks have passed (422 is theirs): what is left is values that contradict one another
    # or the records, such as an end before its start or a reference that is taken.
    status = 409 if isinstance(error, BadInput) and not isinstance(error, MalformedTime) else error.status
    return problem(status, error.code, error.title, str(error))


@api.exception_handler(FootageError)
def _footage_error(request: HttpRequest, error: FootageError) -> HttpResponse:
    status = _FOOTAGE_STATUS.get(type(error), 500)
    return problem(status, error.code, HTTPStatus(status).phrase, str(error))


@api.exception_handler(ValidationError)
def _validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = [{"where": ".".join(str(part) for part in one["loc"]), "text": str(one["msg"])} for one in error.errors]
    detail = "; ".join(f"{one['where']}: {one['text']}" for one in found)
    return problem(422, "bad-input", "Check what you sent", detail, errors=found)


@api.exception_handler(AuthenticationError)
def _not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    detail = "Send a token that works, as Authorization: Bearer ..., or sign in."
    response = problem(401, "not-signed-in", "Who is asking?", detail)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    code = {400: "bad-request", 403: "csrf"}.get(error.status_code, "error")
    return problem(error.status_code, code, HTTPStatus(error.status_code).phrase, str(error.message))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, "not-found", "Not Found", "There is nothing of that name, or it is not yours to know of.")


@login_not_required
@require_GET
def openapi(request: HttpRequest) -> JsonResponse:
    """`/api/openapi.json`: what the API takes and answers; for everybody, since it holds nothing of a scheme."""
    return JsonResponse(api.get_openapi_schema())


for _name in modules("api"):
    api.add_router("", import_module(_name).router)
