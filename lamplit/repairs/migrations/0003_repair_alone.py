from django.db import migrations

import lamplit.record.fields


class Migration(migrations.Migration):
    dependencies = [("repairs", "0002_visit_unsaid")]

    operations = [migrations.AddField("repair", "alone", lamplit.record.fields.PersonalJson("household", "care"))]
