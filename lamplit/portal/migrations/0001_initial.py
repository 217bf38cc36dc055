from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SignInCode",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("code_hash", models.TextField()),
                ("people", models.JSONField()),
                ("sent_by", models.TextField()),
                ("expires_at", models.DateTimeField()),
                ("tries", models.IntegerField(default=0)),
                ("proved", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "sign_in_code",
                "indexes": [models.Index(fields=["expires_at"], name="sign_in_code_expires")],
            },
        ),
        migrations.CreateModel(
            name="ReportDraft",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("person", models.TextField(null=True)),
                ("answers", models.JSONField()),
                ("sent", models.JSONField(null=True)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "report_draft",
                "indexes": [
                    models.Index(fields=["changed_at"], name="report_draft_changed"),
                    models.Index(fields=["person", "-changed_at"], name="report_draft_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seen",
            fields=[
                ("person", models.TextField(primary_key=True, serialize=False)),
                ("messages_at", models.DateTimeField()),
            ],
            options={
                "db_table": "seen",
            },
        ),
        migrations.CreateModel(
            name="DemoCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.TextField()),
                ("to", models.TextField()),
                ("words", models.TextField()),
                ("sent_at", models.DateTimeField()),
            ],
            options={
                "db_table": "demo_code",
            },
        ),
    ]
