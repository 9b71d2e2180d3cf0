"""Gives recordings back: timelines, spans as fragments, an MP4 that is not there, clips. Decodes nothing."""
