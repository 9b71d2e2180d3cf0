from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "overt.watch"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out

        from overt.access.notices import roles_to_confirm
        from overt.logbook.notices import breaches_to_tell
        from overt.watch import notices
        from overt.watch.review_notices import end_with_sign_out, reviews_to_tell

        notices.register("breaches", breaches_to_tell)
        notices.register("roles", roles_to_confirm)
        notices.register("reviews", reviews_to_tell)
        user_logged_out.connect(end_with_sign_out, dispatch_uid="watch.supervised")
