"""What things are called in the system that they were brought over from."""

from django.db import migrations, models

import lamplit.record.fields
import lamplit.record.search


class Migration(migrations.Migration):
    dependencies = [
        ("homes", "0002_words_by_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="block",
            name="reference",
            field=lamplit.record.fields.PersonalText("id", "contact"),
        ),
        migrations.AddField(
            model_name="block",
            name="reference_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=lamplit.record.search.Exactly("reference"),
                output_field=models.TextField(null=True),
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.UniqueConstraint(fields=("reference_key",), name="block_reference_once"),
        ),
        migrations.AddField(
            model_name="home",
            name="reference",
            field=lamplit.record.fields.PersonalText("id", "contact"),
        ),
        migrations.AddField(
            model_name="home",
            name="reference_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=lamplit.record.search.Exactly("reference"),
                output_field=models.TextField(null=True),
            ),
        ),
        migrations.AddConstraint(
            model_name="home",
            constraint=models.UniqueConstraint(fields=("reference_key",), name="home_reference_once"),
        ),
    ]
