"""Nothing typed is lost: every form of every page is refused, met by the sign-in page, and shows each value again.

The forms are found by the product's own routes. What a form's page is not, is named: see `ELSEWHERE` and `STRANGERS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from every_route import ROUTES
from overt.access.rules import Role
from overt.breaches.models import CodeBreach
from overt.evidence.models import StoragePlace
from page_forms import Field, PageForm, forms_of, lost, same_form
from world import PASSWORD, World, adopt_policy, give_role

ClientAs = Callable[..., Client]

#: A page's addresses, each once: the request that its `routes.py` could send there is the more telling one.
PAGES = {key.partition(" ")[2]: key for key in sorted(ROUTES) if " api/" not in key and not key.endswith(" metrics")}
POSTS = {template: key for template, key in PAGES.items() if key.startswith("POST ")}
#: Buttons that lie on another page, beside what they act on. What is typed beside them (a reason) is shown on a page of
#: its own: see test_words_typed_beside_a_button.
ELSEWHERE = {
    "account/sign-out-everywhere/",
    "account/tokens/<uuid:token_id>/withdraw/",
    "logbook/breaches/<int:number>/suspend/",
    "cameras/<str:number>/check/",
    "exhibits/<str:reference>/verify/",
    "exhibits/<str:reference>/retry/",
    "exhibits/<str:reference>/bag/",
    "exhibits/<str:reference>/copies/<int:number>/bag/",
    "review/supervised/<uuid:supervision_id>/end/",
}
#: A stranger's: there is nobody whose words could be kept.
STRANGERS = {template for template, key in PAGES.items() if ROUTES[key].stranger}

by_page = pytest.mark.parametrize("template", PAGES)


@pytest.fixture
def elin(world: World, client_as: ClientAs) -> Client:
    """Somebody who may do everything, where what forms need is there: a place for what is kept."""
    for role in Role:
        give_role(world.elin, role)
    StoragePlace.objects.create(name="Safe", security="lock", security_number="K", added_at=timezone.now())
    return client_as(world.elin)


def address_of(template: str, world: World) -> str:
    route = ROUTES[PAGES[template]]
    return route.path(world, world.elin, "127") if route.path else "/" + re.sub(r"<(?:\w+:)?number>", "127", template)


def own_forms(client: Client, path: str) -> list[PageForm]:
    """The forms that stand at the address to which they go."""
    page = client.get(path)
    if page.status_code != 200 or page.streaming or not page["Content-Type"].startswith("text/html"):
        return []
    return [form for form in forms_of(page.content.decode()) if form.action in {"", path.partition("?")[0]}]


def own_form(client: Client, path: str) -> PageForm:
    [form] = own_forms(client, path)
    return form


def refused_by(form: PageForm) -> dict[str, list[Any]]:
    """Everything filled in, save one thing that must not be left out; or one that cannot be."""
    sent = form.filled()
    must = [one for one in form.asked if not one.optional and one.kind not in {"checkbox", "radio", "file"}]
    if must:
        sent[must[-1].name] = [""]
        return sent
    said = next((one for one in form.asked if _can_be_wrong(one)), None)
    if said is not None:
        sent[said.name] = ["never" if said.kind != "textarea" else "x" * 5000]
    return sent


def _can_be_wrong(one: Field) -> bool:
    return one.kind not in {"checkbox", "radio", "select", "file"}


@by_page
def test_every_form_shows_again_what_was_typed_into_it(template: str, world: World, elin: Client) -> None:
    path = address_of(template, world)
    for form in own_forms(elin, path):
        if form.asked:
            is_kept_at_a_refusal(elin, path, form)
        if template not in STRANGERS:
            is_kept_over_a_sign_in(elin, path, form)


def is_kept_at_a_refusal(client: Client, path: str, form: PageForm) -> None:
    sent = refused_by(form)
    answer = client.post(path, sent)
    assert 400 <= answer.status_code < 500, "the walk knows no way to have this form refused"
    shown = same_form(forms_of(answer.content.decode()), form)
    assert shown is not None, "the form is gone"
    assert lost(shown, sent) == []
    for one in (one for one in form.asked if one.kind == "file"):
        assert f"{one.name} chosen.pdf" in answer.content.decode(), "the file is not asked for again by name"


def is_kept_over_a_sign_in(client: Client, path: str, form: PageForm) -> None:
    sent = form.filled()
    end_session(client)
    answer = client.post(path, sent)
    assert "Typed" not in answer["Location"], "in an address, which is kept and logged"
    assert "a lamp over the harbour" not in str(client.session.get("kept_forms")), "a password, kept on the server"
    page = sign_in_and_follow(client, answer, "elin")
    assert page.status_code == 200
    assert "Nothing was done" in page.content.decode()
    shown = same_form(forms_of(page.content.decode()), form)
    assert shown is not None, "the form is gone"
    assert lost(shown, sent) == []


def test_the_walk_does_every_form_but_those_it_names(world: World, elin: Client) -> None:
    """Every address that takes what is sent has its form, or is named; and the walk does not get small unseen."""
    found = {template: len(own_forms(elin, address_of(template, world))) for template in PAGES}
    walked = {template for template, count in found.items() if count}
    assert set(POSTS) - walked == ELSEWHERE | (STRANGERS & set(POSTS) - walked)
    assert sum(found.values()) >= 60


def test_words_typed_beside_a_button_are_there_again_after_signing_in(world: World, elin: Client) -> None:
    adopt_policy(reason_required_for=["export_bag"])
    bag = address_of("exhibits/<str:reference>/bag/", world)
    form = next(form for form in forms_of(elin.get(bag.removesuffix("bag/")).content.decode()) if form.action == bag)
    end_session(elin)
    page = sign_in_and_follow(elin, elin.post(bag, {**form.filled(), "reason": "For the Crown Court"}), "elin")
    assert not page.streaming, "nothing is downloaded before it is sent again"
    shown = same_form(forms_of(page.content.decode()), form)
    assert shown is not None
    assert (shown.action.partition("?")[0], shown.fields["reason"].values) == (bag, ["For the Crown Court"])


def test_nobody_else_sees_what_was_typed(world: World, elin: Client) -> None:
    path = "/logbook/breaches/report/"
    form = own_form(elin, path)
    end_session(elin)
    met = elin.post(path, {**form.filled(), "words": "Only for Elin"})
    page = sign_in_and_follow(elin, met, "dev")
    assert page.status_code == 200
    assert "Only for Elin" not in page.content.decode()
    end_session(elin)
    again = sign_in_and_follow(elin, elin.post(path, {}), "elin")
    assert "Only for Elin" not in again.content.decode(), "it was thrown away"


def test_what_no_form_of_ours_sent_is_not_kept(world: World, elin: Client, client_as: ClientAs) -> None:
    """Neither a stranger's words, nor those of another page that posts in this person's name."""
    for client, sent in ((client_as(), {}), (elin, {"form_of": "e30:forged"})):
        if client is elin:
            end_session(elin)
        met = client.post("/logbook/breaches/report/", {"words": "From elsewhere", **sent})
        assert met["Location"] == "/sign-in/?next=%2F"
        assert "kept_forms" not in client.session


def test_a_form_older_than_this_sign_in_is_shown_again_and_not_acted_on(world: World, client_as: ClientAs) -> None:
    """Signed in again in another tab: the token of the first tab's form is not this session's any more."""
    elin = Client(enforce_csrf_checks=True)
    elin.cookies.update(client_as(world.elin).cookies)
    path = "/logbook/breaches/report/"
    form = own_form(elin, path)
    sent = {**form.filled(), "words": ["Seen at the north gate"], "csrfmiddlewaretoken": "a" * 64}
    before = CodeBreach.objects.count()
    met = elin.post(path, sent)
    page = elin.get(met["Location"])
    shown = same_form(forms_of(page.content.decode()), form)
    assert shown is not None
    assert lost(shown, sent) == []
    assert CodeBreach.objects.count() == before

    sent["csrfmiddlewaretoken"] = shown.fields["csrfmiddlewaretoken"].values[0]
    sent["day"], sent["time"] = "2026-01-02", "03:04"
    assert elin.post(met["Location"], sent).status_code == 302
    assert CodeBreach.objects.count() == before + 1
    assert "Seen at the north gate" not in elin.get(met["Location"]).content.decode(), "sent, and so kept no longer"


def test_another_persons_form_with_an_old_token_is_refused_and_not_shown(world: World, client_as: ClientAs) -> None:
    form = own_form(client_as(world.elin), "/logbook/breaches/report/")
    dev = Client(enforce_csrf_checks=True)
    dev.cookies.update(client_as(world.dev).cookies)
    answer = dev.post("/logbook/breaches/report/", {**form.filled(), "words": "Only for Elin"})
    assert answer.status_code == 403
    assert "Only for Elin" not in answer.content.decode()


def end_session(client: Client) -> None:
    """As after an hour in which nothing was done."""
    session = client.session
    session["seen"] = 0.0
    session.save()


def sign_in_and_follow(client: Client, met: HttpResponse, name: str) -> HttpResponse:
    """Sign in where a form was led to, and go where that leads."""
    assert met.status_code == 302, "not led to the sign-in page"
    sign_in = met["Location"]
    assert sign_in.startswith("/sign-in/?next=")
    after = client.post(sign_in, {"username": name, "password": PASSWORD, "next": client.get(sign_in).context["next"]})
    assert after.status_code == 302, "not signed in"
    return client.get(after["Location"])
