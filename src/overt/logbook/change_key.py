"""Changes the logbook's key, so that what the old one signed still holds and nothing that it signs from now on does."""

from __future__ import annotations

from base64 import b64encode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.utils import timezone

from overt.logbook import keys, notes
from overt.logbook.checkpoints import head, make_checkpoint
from overt.logbook.log_actions import KEY_CHANGED, KeyChanged
from overt.logbook.models import Checkpoint, KeySuccession
from overt.logbook.recording import log
from overt.logbook.succession import SUCCESSION
from overt.shared.errors import BadInput


def change_key(*, reason: str) -> KeySuccession:
    """Make a new key and let the old one vouch for it; the old one is destroyed. Raises BadInput, LogbookDamaged.

    Not inside a transaction: a last checkpoint is signed by the old key first, and a first one by the new.
    """
    if not reason.strip():
        raise BadInput("Say why the key is changed.")
    last = make_checkpoint()
    origin, old, new = head().origin, keys.signing_key(), Ed25519PrivateKey.generate()
    made = KeySuccession(size=last.size, note=succession_note(origin, last, old, new), made_at=timezone.now())
    try:
        with transaction.atomic(durable=True):
            made.save(force_insert=True)
            lines = [notes.verifier_key(origin, key.public_key().public_bytes_raw()) for key in (old, new)]
            facts = KeyChanged(old=lines[0], new=lines[1], size=last.size)
            log(KEY_CHANGED, by=None, reason=reason.strip(), facts=facts)
            # Under the logbook's lock: no checkpoint can be signed between the last of the old key and this.
            keys.put_in_place(new)
    except BaseException:
        if keys.public_key() != old.public_key().public_bytes_raw():
            keys.take_back()
        raise
    keys.let_go()
    make_checkpoint()
    return made


def succession_note(origin: str, last: Checkpoint, old: Ed25519PrivateKey, new: Ed25519PrivateKey) -> str:
    """Log, `key succession`, size and root as the old key last signed them, both keys; signed by both."""
    root = b64encode(bytes.fromhex(last.root)).decode()
    lines = [notes.verifier_key(origin, key.public_key().public_bytes_raw()) for key in (old, new)]
    text = "\n".join([origin, SUCCESSION, str(last.size), root, *lines]) + "\n"
    signed = [notes.sign(text, origin, key) for key in (old, new)]
    return signed[0] + signed[1].removeprefix(text + "\n")
