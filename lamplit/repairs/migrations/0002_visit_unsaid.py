from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("repairs", "0001_tables")]

    operations = [migrations.AddField("visit", "unsaid", models.BooleanField(null=True))]
