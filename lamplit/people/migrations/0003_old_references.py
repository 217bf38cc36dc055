"""What things are called in the system that they were brought over from."""

from django.db import migrations, models

import lamplit.record.fields
import lamplit.record.search


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_words_by_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="reference",
            field=lamplit.record.fields.PersonalText("id", "contact"),
        ),
        migrations.AddField(
            model_name="person",
            name="reference_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=lamplit.record.search.Exactly("reference"),
                output_field=models.TextField(null=True),
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(fields=("reference_key",), name="person_reference_once"),
        ),
    ]
