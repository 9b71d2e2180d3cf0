from __future__ import annotations

from recorder.conftest import cameras, store, street

__all__ = ["cameras", "store", "street"]
