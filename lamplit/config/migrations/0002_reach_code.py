from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("config", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ReachCode",
            fields=[
                ("reach", models.TextField(primary_key=True, serialize=False)),
                ("code_hash", models.TextField()),
                ("expires_at", models.DateTimeField()),
                ("tries", models.IntegerField()),
            ],
            options={
                "db_table": "reach_code",
                "indexes": [models.Index(fields=["expires_at"], name="reach_code_expires")],
            },
        ),
    ]
