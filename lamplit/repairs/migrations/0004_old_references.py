"""What repairs are called in the system that they were brought over from."""

from django.db import migrations, models

import lamplit.record.fields
import lamplit.record.search


class Migration(migrations.Migration):
    dependencies = [
        ("repairs", "0003_repair_alone"),
    ]

    operations = [
        migrations.AddField(
            model_name="repair",
            name="old_reference",
            field=lamplit.record.fields.PersonalText("household", "case"),
        ),
        migrations.AddField(
            model_name="repair",
            name="old_reference_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=lamplit.record.search.Exactly("old_reference"),
                output_field=models.TextField(null=True),
            ),
        ),
        migrations.AddConstraint(
            model_name="repair",
            constraint=models.UniqueConstraint(
                condition=models.Q(("old_reference_key__isnull", False)),
                fields=("old_reference_key",),
                name="repair_old_reference_once",
            ),
        ),
    ]
