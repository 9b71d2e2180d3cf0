"""Addresses of the evidence room. The JSON shapes scripts and the review page rely on:

`POST /exhibits/mark/` `{camera, start, end, reason, ground?, case_reference?, requester?, review_on?, ends_on?}`
    -> 201 `{hold_id, until, camera, start, end, grounded, url, gaps}`; either all four of the ground are given or none
`POST /exhibits/seal/` `{reference, reason, case_reference?, requester?, clips: [{camera, start, end, hold_id?}]}`
    -> 202 `{reference, url, state, gaps}`
`GET  /exhibits/<ref>/progress/` -> `{state, done, total, seconds_left, failure}`
`POST /exhibits/holds/<id>/release/` `{reason}` -> 200 `{hold_id, state}`

`camera` is its number ("127") or id. `start` and `end` are RFC 3339 with an offset, or whole numbers counting
1/90000 s of UTC. `until` is RFC 3339 or null. `gaps` are in the one form of a gap (shared/recordings.py). `done`
of `total` parts of the work are behind; `seconds_left` is null while unknown. `state` is sealing, sealed or failed.

JSON in (`Content-Type: application/json`, session cookie and `X-CSRFToken`) gets JSON out; errors are then problem
documents `{type, title, status, detail, code}` with the codes of `errors.py`. The same addresses take plain forms
(`camera`, `start`, `end`, `reason`, `reference`, `hold_id`; repeat `camera`, `start`, `end` for several clips) and
answer with a redirect.
"""

from django.urls import path

from overt.evidence.views import copies, exhibits, holds, places, printing, sealing, stills

urlpatterns = [
    path("exhibits/", exhibits.exhibits, name="exhibits"),
    path("exhibits/mark/", holds.mark, name="mark"),
    path("exhibits/seal/", sealing.seal, name="seal"),
    path("exhibits/holds/", holds.holds, name="holds"),
    path("exhibits/holds/<uuid:hold_id>/", holds.hold, name="hold"),
    path("exhibits/holds/<uuid:hold_id>/release/", holds.release, name="release-hold"),
    path("exhibits/register/", copies.register, name="media-register"),
    path("exhibits/stills/", stills.stills, name="stills"),
    path("exhibits/stills/take/", stills.take, name="take-still"),
    path("exhibits/stills/<int:number>/", stills.still, name="still"),
    path("exhibits/stills/<int:number>/picture.jpg", stills.picture, name="still-picture"),
    path("exhibits/stills/<int:number>/sheet/", stills.sheet, name="still-sheet"),
    path("exhibits/stills/<int:number>/hand-over/", stills.hand_over, name="hand-over-still"),
    path("exhibits/stills/<int:number>/destroy/", stills.destroy, name="destroy-still"),
    path("exhibits/places/", places.places, name="places"),
    path("exhibits/places/add/", places.add, name="add-place"),
    path("exhibits/places/<uuid:place_id>/", places.place, name="place"),
    path("exhibits/places/<uuid:place_id>/open/", places.open_it, name="open-place"),
    path("exhibits/places/<uuid:place_id>/keepers/", places.keepers, name="place-keepers"),
    path("exhibits/<str:reference>/", exhibits.exhibit, name="exhibit"),
    path("exhibits/<str:reference>/progress/", exhibits.progress, name="exhibit-progress"),
    path("exhibits/<str:reference>/verify/", exhibits.verify_now, name="verify-exhibit"),
    path("exhibits/<str:reference>/retry/", exhibits.retry, name="retry-exhibit"),
    path("exhibits/<str:reference>/bag/", exhibits.bag, name="exhibit-bag"),
    path("exhibits/<str:reference>/label/", printing.label, name="exhibit-label"),
    path("exhibits/<str:reference>/continuity/", printing.continuity, name="exhibit-continuity"),
    path("exhibits/<str:reference>/copies/make/", copies.make, name="make-copy"),
    path("exhibits/<str:reference>/copies/<int:number>/", copies.copy, name="copy"),
    path("exhibits/<str:reference>/copies/<int:number>/bag/", copies.bag, name="copy-bag"),
    path("exhibits/<str:reference>/copies/<int:number>/test/", copies.test, name="test-copy"),
    path("exhibits/<str:reference>/copies/<int:number>/form/", printing.form, name="release-form"),
    path("exhibits/<str:reference>/copies/<int:number>/hand-over/", copies.hand_over, name="hand-over-copy"),
    path("exhibits/<str:reference>/copies/<int:number>/signed-form/", copies.signed_form, name="signed-form"),
    path("exhibits/<str:reference>/copies/<int:number>/take-back/", copies.take_back, name="take-back-copy"),
    path("exhibits/<str:reference>/copies/<int:number>/destroy/", copies.destroy, name="destroy-copy"),
    path("exhibits/<str:reference>/copies/<int:number>/store/", copies.store, name="store-copy"),
    path("exhibits/<str:reference>/copies/<int:number>/take-out/", copies.take_out, name="take-out-copy"),
    path("exhibits/<str:reference>/copies/<int:number>/label/", printing.copy_label, name="copy-label"),
]
