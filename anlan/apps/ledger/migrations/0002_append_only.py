from django.db import migrations

from anlan.kit.appendonly import guard


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [guard("ledger_fact", "ledger_factclearing")]
