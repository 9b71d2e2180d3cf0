"""Pages of the evidence room; scripts and the review page ask under /api/v1: see api.py.

`start` and `end` in an address are RFC 3339 with an offset, or whole numbers counting 1/90000 s of UTC: a link from the
review page fills in a form exactly.
"""

from django.urls import path

from overt.evidence.copies import views as copies
from overt.evidence.exhibits import printing
from overt.evidence.exhibits import views as exhibits
from overt.evidence.holds import views as holds
from overt.evidence.stills import views as stills
from overt.evidence.storage import views as storage

urlpatterns = [
    path("exhibits/", exhibits.exhibits, name="exhibits"),
    path("exhibits/mark/", holds.mark, name="mark"),
    path("exhibits/seal/", exhibits.seal, name="seal"),
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
    path("exhibits/places/", storage.locations, name="storage-locations"),
    path("exhibits/places/add/", storage.add, name="add-storage-location"),
    path("exhibits/places/<uuid:location_id>/", storage.location, name="storage-location"),
    path("exhibits/places/<uuid:location_id>/open/", storage.open_it, name="open-storage-location"),
    path("exhibits/places/<uuid:location_id>/keepers/", storage.keepers, name="storage-keepers"),
    path("exhibits/<str:reference>/", exhibits.exhibit, name="exhibit"),
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
