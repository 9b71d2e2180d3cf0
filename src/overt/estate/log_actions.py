"""What this room writes into the logbook."""

from overt.logbook.actions import register

register("estate.camera.added", "Camera added")
register("estate.camera.changed", "Camera changed")
register("estate.camera.retired", "Camera retired")
register("estate.camera.checked", "Camera checked")
register("estate.camera.sound-asked", "Sound of a camera asked for")
register("estate.camera.sound-approved", "Sound of a camera approved and switched on")
register("estate.camera.sound-refused", "Sound of a camera refused")
register("estate.camera.sound-ended", "Sound of a camera ended")
register("estate.camera.sound-lapsed", "Sound of a camera asked for and not used")
register("estate.cameras.imported", "Cameras imported")
register("estate.place.added", "Place or group added")
register("estate.place.renamed", "Place or group renamed")
register("estate.frame.seen", "Single picture looked at")
register("estate.retention.ran", "Retention of a day written down")
