from django.urls import path
from django.views.decorators.http import require_safe

from overt.estate.cameras import views as cameras
from overt.estate.imports import views as imports
from overt.estate.places import views as places
from overt.estate.retention import views as retention
from overt.estate.sound import views as sound

urlpatterns = [
    path("cameras/", require_safe(cameras.cameras), name="cameras"),
    path("cameras/add/", cameras.add, name="add-camera"),
    path("cameras/import/", imports.upload, name="import-cameras"),
    path("cameras/import/template.csv", require_safe(imports.template), name="import-template"),
    path("cameras/import/<uuid:draft_id>/", imports.preview, name="import-preview"),
    path("cameras/sound/", sound.orders, name="sound-orders"),
    path("cameras/<str:number>/", require_safe(cameras.camera), name="camera"),
    path("cameras/<str:number>/sound/", sound.ask, name="ask-for-sound"),
    path("cameras/<str:number>/sound/decide/", sound.decide, name="decide-on-sound"),
    path("cameras/<str:number>/sound/end/", sound.end, name="end-sound"),
    path("cameras/<str:number>/check/", cameras.check, name="check-camera"),
    path("cameras/<str:number>/change/", cameras.change, name="change-camera"),
    path("cameras/<str:number>/retire/", cameras.retire, name="retire-camera"),
    path("retention/", retention.retention, name="retention"),
    path("estate/", require_safe(places.index), name="estate"),
    path("estate/<slug:slug>/", places.listing, name="places"),
    path("estate/<slug:slug>/<uuid:place_id>/rename/", places.rename, name="rename-place"),
]
