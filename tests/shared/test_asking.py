"""Ask, act, tell: one way for every page that asks a question and does one act."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from overt.shared.asking import Done, Question, ask, ask_on, confirm
from overt.shared.errors import BadInput

QUESTION = Question("Take it away", "Take away", "It is gone then.", danger=True)


class Why(forms.Form):
    reason = forms.CharField(max_length=20)
    where = forms.CharField(required=False)


class Elsewhere(BadInput):
    """It is not there."""

    field = "where"


def request(method: str, **said: str) -> HttpRequest:
    made = getattr(RequestFactory(), method)("/x/", said)
    made.session = {}
    made._messages = FallbackStorage(made)
    return made


def asked(of: HttpRequest, act: Any = lambda form: Done("It is gone.", "/after/")) -> HttpResponse:
    return ask(of, Why, act, QUESTION, back="/before/")


def test_the_question_is_asked_with_its_words_and_nothing_is_done(db: None) -> None:
    done: list[str] = []
    page = asked(request("get"), lambda form: done.append("done")).content.decode()
    assert all(words in page for words in ("Take it away", "It is gone then.", "Take away", 'href="/before/"'))
    assert "govuk-button--warning" in page
    assert not done


def test_what_was_done_is_told_on_the_page_that_follows(db: None) -> None:
    posted = request("post", reason="old")
    answer = asked(posted, lambda form: Done(f"Gone: {form.cleaned_data['reason']}.", "/after/"))
    assert (answer.status_code, answer["Location"]) == (302, "/after/")
    assert [str(one) for one in get_messages(posted)] == ["Gone: old."]


@pytest.mark.parametrize("said", [{}, {"reason": ""}, {"reason": "x" * 21}])
def test_a_refusal_stands_beside_its_field_and_nothing_is_done(db: None, said: dict[str, str]) -> None:
    done: list[str] = []
    answer = asked(request("post", where="in the cabinet", **said), lambda form: done.append("done"))
    assert answer.status_code == 422
    assert 'id="id_reason-error"' in answer.content.decode()
    assert "in the cabinet" in answer.content.decode()
    assert not done


def test_what_the_act_refuses_keeps_all_that_was_typed(db: None) -> None:
    def act(form: Why) -> Done:
        raise Elsewhere("It is in another room.")

    answer = asked(request("post", reason="old", where="in the cabinet"), act)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert all(words in page for words in ("It is in another room.", "in the cabinet", "old"))


def test_an_act_may_find_an_error_itself(db: None) -> None:
    def act(form: Why) -> None:
        form.add_error("reason", "Say more.")

    answer = asked(request("post", reason="old"), act)
    assert (answer.status_code, "Say more." in answer.content.decode()) == (422, True)


def test_an_act_may_have_an_answer_of_its_own(db: None) -> None:
    answer = asked(request("post", reason="old"), lambda form: HttpResponse("shown once"))
    assert answer.content == b"shown once"


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(db: None, method: str) -> None:
    answer = asked(request(method))
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")


def test_a_page_of_its_own_is_given_the_form_and_what_is_made_for_it(db: None) -> None:
    answer = ask_on(
        request("get"),
        Why,
        lambda form: Done("", "/"),
        "web/ask.html",
        lambda form: {"title": type(form).__name__, "back": "/"},
    )
    assert "Why" in answer.content.decode()


def test_a_question_without_a_form_is_one_button(db: None) -> None:
    done: list[str] = []

    def act() -> Done:
        done.append("done")
        return Done("It is gone.", "/after/")

    assert "Take away" in confirm(request("get"), act, QUESTION, back="/before/").content.decode()
    assert not done
    assert confirm(request("post"), act, QUESTION, back="/before/").status_code == 302
    assert done == ["done"]
