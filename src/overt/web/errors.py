"""A room's error as a page for people or a problem document (RFC 9457) for scripts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from overt.shared.errors import OvertError, Refused


def answer(request: HttpRequest, error: OvertError) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem(error.status, error.code, error.title, str(error))
    return render(request, "web/error.html", {"error": error}, status=error.status)


def problem(status: int, code: str, title: str, detail: str, **more: object) -> JsonResponse:
    """`application/problem+json` with a stable `code`."""
    body = {"type": f"about:blank#{code}", "title": title, "status": status, "detail": detail, "code": code, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(request, Refused("This form was open too long, or came from another site. Go back and try again."))
