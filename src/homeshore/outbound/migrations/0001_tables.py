import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [('outbound', '0001_initial')]

    dependencies = [
        ('brands', '0001_tables'),
        ('foundation', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(help_text='E.164: + and digits.', max_length=16)),
                ('zone', models.CharField(blank=True, max_length=64)),
                ('callback_from', models.DateTimeField(help_text='They asked to be called back, from then on.', null=True)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='brands.brand')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.operator')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('operator', 'brand', 'number'), name='one_party_per_number'),
                ],
                'indexes': [
                    models.Index(condition=models.Q(('callback_from__isnull', False)), fields=['operator', 'callback_from'], name='callbacks_due'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('consent', 'consent'), ('withdrawal', 'withdrawal'), ('opposition', 'opposition'), ('contract', 'contract'), ('contract_end', 'contract_end'), ('callback', 'callback'), ('attempt', 'attempt'), ('result', 'result'), ('stopped', 'stopped')], max_length=16)),
                ('at', models.DateTimeField(help_text='When it happened.')),
                ('recorded_at', models.DateTimeField()),
                ('said_by', models.EmailField(help_text='Of who wrote it down, as it was then.', max_length=254)),
                ('data', models.JSONField(default=dict)),
                ('digest', models.CharField(max_length=64)),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='outbound.party')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('party', 'position'), name='entries_are_numbered'),
                ],
                'indexes': [
                    models.Index(fields=['kind', 'recorded_at'], name='entries_of_kind'),
                ],
            },
        ),
    ]
