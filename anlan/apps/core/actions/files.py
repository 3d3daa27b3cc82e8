"""Files that people hand in."""

from uuid import uuid4

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction

from anlan.apps.core import selectors
from anlan.apps.core.actions.record import audit
from anlan.apps.core.models import Place, StoredFile
from anlan.kit import clock, files
from anlan.kit.errors import NotAllowed, check
from anlan.kit.grants import Viewer
from anlan.kit.sm3 import sm3


def store_file(viewer: Viewer, place: Place, upload: File[bytes]) -> StoredFile:
    """Keep an uploaded file at a place, if its content is what it claims to be and can do no harm."""
    place = selectors.place(viewer, place.pk, "file.add")
    if viewer.person_id is None:
        raise NotAllowed("file.add")
    name = files.clean_name(upload.name or "")
    check(files.size_is_good(upload.size or 0))
    content = upload.read()
    checked = files.look_into(name, content)
    stored = default_storage.save(f"{clock.now():%Y/%m}/{uuid4().hex}{checked.extension}", ContentFile(content))
    try:
        with transaction.atomic():
            kept = StoredFile.objects.create(
                place=place,
                name=name,
                stored=stored,
                content_type=checked.content_type,
                size=len(content),
                digest=sm3(content),
                uploaded_by_id=viewer.person_id,
            )
            audit(viewer.person_id, "file.add", place, f"file:{kept.pk}", {"digest": kept.digest})
    except BaseException:
        default_storage.delete(stored)
        raise
    return kept
