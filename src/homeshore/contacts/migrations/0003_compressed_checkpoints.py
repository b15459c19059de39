from django.db import migrations, models


class Migration(migrations.Migration):
    """Checkpoints hold compressed bytes. None was ever written before, so none has to be carried over."""

    dependencies = [("contacts", "0002_initial")]

    operations = [
        migrations.RemoveField(model_name="checkpoint", name="state"),
        migrations.AddField(
            model_name="checkpoint", name="state", field=models.BinaryField(default=b""), preserve_default=False
        ),
    ]
