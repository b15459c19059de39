import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("voice", "0014_prompts"),
    ]

    operations = [
        migrations.AddField(
            model_name="prompt",
            name="given_at",
            field=models.DateTimeField(default=django.utils.timezone.now, help_text="Last."),
            preserve_default=False,
        ),
    ]
