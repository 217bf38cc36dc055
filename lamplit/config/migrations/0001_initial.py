from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Counted",
            fields=[
                ("key", models.TextField(primary_key=True, serialize=False)),
                ("count", models.IntegerField()),
                ("ends_at", models.DateTimeField()),
            ],
            options={
                "db_table": "counted",
                "indexes": [models.Index(fields=["ends_at"], name="counted_ends")],
            },
        ),
    ]
