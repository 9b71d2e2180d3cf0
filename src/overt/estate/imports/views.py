"""Cameras from a CSV file: upload, look at what would happen, confirm."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from overt.access.doors import need
from overt.access.rules import Act
from overt.accounts.requests import signed_in
from overt.estate.imports import services
from overt.estate.imports.csv_files import MAX_BYTES
from overt.estate.imports.forms import ImportForm
from overt.shared.asking import Done, ask_on


def upload(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.MANAGE_CAMERA)

    def act(form: ImportForm) -> Done:
        # One byte more than is taken, so that a file of any size costs no more than this to refuse.
        draft = services.start_import(form.cleaned_data["file"].read(MAX_BYTES + 1), by=user)
        return Done("", reverse("import-preview", args=[draft.pk]))

    others = [name for name in services.COLUMNS if name not in services.REQUIRED]
    context = {"required": services.REQUIRED, "others": others}
    return ask_on(request, ImportForm, act, "estate/imports/upload.html", lambda form: context)


def preview(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    user = signed_in(request)
    need(user, Act.MANAGE_CAMERA)
    draft = services.open_draft(draft_id, by=user)
    if request.method == "POST":
        count = services.confirm_import(draft, by=user)
        messages.success(request, f"{count} camera{'s are' if count != 1 else ' is'} added.")
        return redirect("cameras")
    rows = services.rows_of(draft, by=user)
    wrong = [row for row in rows if row.values is None]
    return render(request, "estate/imports/preview.html", {"rows": rows, "wrong": wrong, "draft": draft})


def template(request: HttpRequest) -> HttpResponse:
    need(signed_in(request), Act.MANAGE_CAMERA)
    response = HttpResponse("\ufeff" + services.template(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="cameras.csv"'
    return response
