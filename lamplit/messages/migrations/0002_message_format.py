from django.db import migrations

import lamplit.record.fields


class Migration(migrations.Migration):
    dependencies = [("lamplit_messages", "0001_initial")]

    operations = [migrations.AddField("message", "format", lamplit.record.fields.PersonalText("voice", "contact"))]
