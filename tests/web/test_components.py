"""Block tags: what each draws, that it escapes what it is given, and what it does with a template's line breaks."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import NoReverseMatch

NASTY = "<script>alert('x')</script>"
SAFE = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;"


def drawn(text: str, **words: object) -> str:
    return str(Template(text).render(Context(words)))


@dataclass
class Row:
    """A thing that has a page of its own."""

    name: str

    def get_absolute_url(self) -> str:
        return f"/things/{self.name}/"


class Filter(forms.Form):
    day = forms.DateField(label="Day", required=False)


# ---- running text ----


def test_a_sentence_may_stand_on_many_lines_of_the_template_and_is_one_on_the_page() -> None:
    text = "{% paragraph %}\n  What is held\n  stays.\n{% endparagraph %}"
    assert drawn(text) == '<p class="govuk-body">What is held stays.</p>'


@pytest.mark.parametrize(
    ("kind", "css"),
    [("lead", "overt-lead"), ("small", "overt-small"), ("due", "overt-due"), ("body quiet", "govuk-body overt-quiet")],
)
def test_kinds_of_paragraph(kind: str, css: str) -> None:
    assert drawn('{% paragraph "' + kind + '" %}x{% endparagraph %}') == f'<p class="{css}">x</p>'


def test_a_paragraph_may_have_a_class_of_its_room() -> None:
    assert drawn('{% paragraph css="policy-note" %}x{% endparagraph %}') == '<p class="policy-note">x</p>'


def test_what_a_person_typed_is_escaped_inside_a_block_and_as_a_word_of_it() -> None:
    text = "{% paragraph %}{{ x }}{% endparagraph %}{% tag x x %}{% facts %}{% fact x y %}{{ x }}{% endfact %}{% endfacts %}"
    page = drawn(text, x=NASTY, y=NASTY)
    assert "<script" not in page
    assert page.count(SAFE) == 6


def test_tag() -> None:
    assert drawn('{% tag "Open" "late" %}') == '<strong class="overt-tag overt-tag--late">Open</strong>'
    assert drawn('{% tag "Left" %}') == '<strong class="overt-tag">Left</strong>'


def test_empty_state_says_what_would_be_here() -> None:
    page = drawn('{% empty_state "No order" %}Nobody asked.{% endempty_state %}')
    assert page == '<div class="overt-empty"><p><strong>No order</strong></p><p>Nobody asked.</p></div>'
    assert "<p></p>" not in drawn('{% empty_state "No order" %}{% endempty_state %}')


def test_inset_and_warning() -> None:
    assert drawn("{% inset %}Read this.{% endinset %}") == '<div class="govuk-inset-text">Read this.</div>'
    page = drawn("{% warning %}It is down.{% endwarning %}")
    assert '<span class="govuk-visually-hidden">Warning</span>It is down.</strong>' in page


def test_details_are_shut_unless_told_otherwise() -> None:
    page = drawn('{% details "Silent on" 3 %}\n<p>x</p>\n{% enddetails %}')
    assert page.startswith('<details class="govuk-details"><summary class="govuk-details__summary">')
    assert ">Silent on 3</span>" in page
    assert '<div class="govuk-details__text"><p>x</p></div></details>' in page
    assert '<details class="govuk-details" open>' in drawn('{% details "x" open=True %}{% enddetails %}')


def test_figure_holds_a_drawing_and_escapes_its_caption() -> None:
    page = drawn("{% figure drawing %}{{ caption }}{% endfigure %}", drawing="<svg></svg>", caption=NASTY)
    assert "&lt;svg&gt;" in page, "a drawing is safe only where its maker says so"
    assert f'<figcaption class="overt-small">{SAFE}</figcaption>' in page
    assert "figcaption" not in drawn("{% figure drawing %}{% endfigure %}", drawing="x")


def test_crumbs_end_with_the_page_itself() -> None:
    text = (
        '{% crumbs %}\n{% crumb "/exhibits/" %}Exhibits{% endcrumb %}\n{% crumb %}JD-7{% endcrumb %}\n{% endcrumbs %}'
    )
    page = drawn(text)
    assert page.startswith('<nav class="govuk-breadcrumbs" aria-label="Breadcrumb">')
    assert '<a class="govuk-breadcrumbs__link" href="/exhibits/">Exhibits</a>' in page
    assert '<li class="govuk-breadcrumbs__list-item" aria-current="page">JD-7</li>' in page


# ---- where to go ----


def test_a_link_leads_to_a_route_a_row_or_an_address() -> None:
    row = Row("kettle")
    assert (
        drawn("{% link row %}Kettle{% endlink %}", row=row) == '<a class="govuk-link" href="/things/kettle/">Kettle</a>'
    )
    assert 'href="/logbook/entries/7/"' in drawn('{% link "logbook-entry" 7 %}entry 7{% endlink %}')
    for address in ("/logbook/", "?page=2", "#camera-1"):
        assert f'href="{address}"' in drawn("{% link to %}x{% endlink %}", to=address)


def test_nothing_a_person_typed_becomes_an_address() -> None:
    for typed in (
        "javascript:alert(1)",
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "",
    ):
        with pytest.raises(NoReverseMatch):
            drawn("{% link to %}x{% endlink %}", to=typed)
    assert 'href="/a&quot;b"' in drawn("{% link to %}x{% endlink %}", to='/a"b')


def test_a_link_says_to_a_screen_reader_what_it_is_about() -> None:
    page = drawn("{% link to about=name %}Withdraw{% endlink %}", to="/x/", name=NASTY)
    assert page == f'<a class="govuk-link" href="/x/">Withdraw<span class="govuk-visually-hidden"> {SAFE}</span></a>'


def test_a_link_may_be_for_taking_away() -> None:
    assert " download>" in drawn('{% link "/x" download=True %}x{% endlink %}')


def test_buttons() -> None:
    text = '{% buttons %}\n{% button kind="warning" css="a" %}End it{% endbutton %}\n{% endbuttons %}'
    assert drawn(text) == (
        '<div class="govuk-button-group"><button class="govuk-button govuk-button--warning a">End it</button></div>'
    )
    assert drawn("{% button once=True %}Open{% endbutton %}") == (
        '<button class="govuk-button" data-module="govuk-button">Open</button>'
    )
    assert drawn('{% button_link "/x/" kind="secondary" %}Open it{% endbutton_link %}') == (
        '<a class="govuk-button govuk-button--secondary" href="/x/" role="button" draggable="false"'
        ' data-module="govuk-button">Open it</a>'
    )


def test_a_post_button_and_a_post_form_carry_the_token_that_proves_the_page_is_ours() -> None:
    token = '<input type="hidden" name="csrfmiddlewaretoken" value="abc">'
    page = drawn('{% post_button "/verify/" kind="secondary" %}Verify now{% endpost_button %}', csrf_token="abc")
    assert page == (
        f'<form method="post" action="/verify/">{token}'
        '<button class="govuk-button govuk-button--secondary">Verify now</button></form>'
    )
    page = drawn('{% post_form files=True css="narrow" %}\nx\n{% endpost_form %}', csrf_token="abc")
    assert page == f'<form method="post" enctype="multipart/form-data" novalidate class="narrow">{token}x</form>'
    assert "novalidate" not in drawn("{% post_form checks=True %}{% endpost_form %}", csrf_token="abc")
    assert ' action="/x/"' in drawn('{% post_form "/x/" %}{% endpost_form %}', csrf_token="abc")


# ---- bars over lists ----


def test_a_bar_of_filters_keeps_what_was_chosen() -> None:
    page = drawn(
        '{% filters %}{% filter_input "q" "Name" q width=10 %}{% filter_select "s" "State" states s all="Any" %}{% filter_button "Show" %}{% endfilters %}',
        q=NASTY,
        s="b",
        states=[("a", "Open"), ("b", NASTY)],
    )
    assert page.startswith('<form method="get" role="search" class="overt-filters" novalidate>')
    assert f'<input class="govuk-input govuk-input--width-10" id="q" name="q" value="{SAFE}">' in page
    assert '<button class="govuk-button govuk-button--secondary govuk-!-margin-bottom-0">Show</button>' in page
    assert '<option value="">Any</option><option value="a">Open</option>' in page
    assert f'<option value="b" selected>{SAFE}</option>' in page


def test_a_filter_of_a_form_shows_its_error_beside_it() -> None:
    form = Filter({"day": "someday"})
    assert not form.is_valid()
    page = drawn("{% filter_field form.day %}", form=form)
    assert page.startswith(
        '<div class="govuk-form-group govuk-form-group--error"><label class="govuk-label" for="id_day">'
    )
    assert '<p id="id_day-error" class="govuk-error-message">' in page
    assert 'value="someday"' in page
    assert "optional" not in page


# ---- lists ----

TABLE = """
{% table "Roles of" name caption="Roles, newest first" css="narrow" %}
  {% columns "Role" extra %}
  {% columns "Cameras" numeric=True %}
  {% columns "Act" hidden=True %}
  {% for one in rows %}
    {% row css="same" id=one %}
      {% cell %}{{ one }}{% endcell %}
      {% cell numeric=True css="number" %}3{% endcell %}
    {% endrow %}
  {% endfor %}
{% endtable %}
"""


def test_a_table_has_its_headings_in_the_head_and_its_rows_in_the_body() -> None:
    page = drawn(TABLE, name="Asha", extra="", rows=[NASTY, "b"])
    assert 'role="region" aria-label="Roles of Asha"><table class="govuk-table narrow">' in page
    assert '<caption class="govuk-table__caption govuk-visually-hidden">Roles, newest first</caption>' in page
    head, _, body = page.partition("</thead>")
    assert head.count("<th ") == 3, "an empty heading is no column"
    assert '<th scope="col" class="govuk-table__header govuk-table__header--numeric">Cameras</th>' in head
    assert '<span class="govuk-visually-hidden">Act</span>' in head
    assert body.count("<tr ") == 2
    assert f'<tr class="govuk-table__row same" id="{SAFE}"><td class="govuk-table__cell">{SAFE}</td>' in body
    assert '<td class="govuk-table__cell govuk-table__cell--numeric number">3</td>' in body
    assert body.rstrip().endswith("</tr></tbody></table></div>")


def test_a_table_without_rows_still_has_its_headings() -> None:
    page = drawn(TABLE, name="Asha", extra="Over", rows=[])
    assert page.count("<th ") == 4
    assert '<tbody class="govuk-table__body"></tbody>' in page


def test_a_bare_table_is_read_out_by_its_label() -> None:
    page = drawn('{% table "Stills" bare=True %}{% columns "Person" %}{% endtable %}')
    assert page.startswith('<table class="govuk-table"><caption')
    assert ">Stills</caption>" in page


def test_facts() -> None:
    page = drawn(
        '{% facts %}\n{% fact "Camera" 7 css="wide" %}\n Quay{% small_line %}Harbour{% endsmall_line %}\n{% endfact %}\n{% endfacts %}'
    )
    assert page == (
        '<dl class="govuk-summary-list"><div class="govuk-summary-list__row">'
        '<dt class="govuk-summary-list__key">Camera 7</dt>'
        '<dd class="govuk-summary-list__value wide">Quay<br><span class="overt-small">Harbour</span></dd></div></dl>'
    )
    assert '<br><span class="overt-quiet">x</span>' in drawn("{% quiet_line %}x{% endquiet_line %}")


def test_a_fact_offers_what_can_be_done_with_it() -> None:
    page = drawn('{% fact "Password" to=to %}Not shown{% endfact %}', to="/change/")
    assert (
        '<dd class="govuk-summary-list__actions"><a class="govuk-link" href="/change/">Change'
        '<span class="govuk-visually-hidden"> password</span></a></dd>'
    ) in page
    page = drawn('{% fact "Found" to=to act="Read it" about=": all of it" alone=True %}3{% endfact %}', to="/x/")
    assert '>Read it<span class="govuk-visually-hidden">: all of it</span></a>' in page
    assert "govuk-summary-list__row--no-actions" in page


def test_listed_joins_one_word_of_each_and_escapes_it() -> None:
    assert drawn('{{ rows|listed:"name" }}', rows=[Row("a"), Row(NASTY)]) == f"a, {SAFE}"


def test_a_page_turn_says_which_way_it_leads() -> None:
    page = drawn('{% page_turn to "next" %}Older{% endpage_turn %}', to='?before=1&q="')
    assert page.startswith('<div class="govuk-pagination__next"><a class="govuk-link govuk-pagination__link"')
    assert 'href="?before=1&amp;q=&quot;" rel="next"' in page
    assert '<span class="govuk-pagination__link-title">Older</span></a></div>' in page


def test_pages_keep_the_other_words_of_the_query() -> None:
    request = RequestFactory().get("/people/?q=asha&page=2")
    page = Paginator(range(100), 10).get_page(2)
    text = Template("{% pagination page %}").render(Context({"request": request, "page": page, "search": 41}))
    assert 'href="?q=asha&amp;page=3&amp;search=41"' in text
    assert 'aria-current="page"' in text
