from django.db import migrations

from anlan.kit.appendonly import guard


class Migration(migrations.Migration):
    """Audit rows and seals may be added, never changed or deleted."""

    dependencies = [("core", "0001_initial")]

    operations = [guard("core_auditrow", "core_auditseal")]
