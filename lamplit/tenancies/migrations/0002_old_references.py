"""What things are called in the system that they were brought over from."""

from django.db import migrations, models

import lamplit.record.fields
import lamplit.record.search


class Migration(migrations.Migration):
    dependencies = [
        ("tenancies", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="tenancy",
            name="reference",
            field=lamplit.record.fields.PersonalText("id", "case"),
        ),
        migrations.AddField(
            model_name="tenancy",
            name="reference_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=lamplit.record.search.Exactly("reference"),
                output_field=models.TextField(null=True),
            ),
        ),
        migrations.AddConstraint(
            model_name="tenancy",
            constraint=models.UniqueConstraint(fields=("reference_key",), name="tenancy_reference_once"),
        ),
    ]
