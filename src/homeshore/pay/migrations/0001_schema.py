import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('pay', '0001_tables')]

    initial = True

    dependencies = [
        ('brands', '0001_schema'),
        ('contacts', '0001_schema'),
        ('foundation', '0001_schema'),
        ('people', '0001_schema'),
    ]

    operations = [
        migrations.CreateModel(
            name='Act',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount_cents', models.PositiveIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('parts', models.JSONField(help_text='The rates applied: id, label, kind and cents of each; empty when no rate fits.')),
                ('at', models.DateTimeField()),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='people.agent')),
                ('assignment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='act', to='contacts.assignment')),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='brands.brand')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='contacts.contact')),
                ('disposition', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='brands.disposition')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.operator')),
                ('queue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='brands.queue')),
                ('rate_card', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='brands.ratecard')),
            ],
            options={
                'indexes': [models.Index(fields=['agent', 'at'], name='acts_of_agent'), models.Index(condition=models.Q(('amount_cents', 0)), fields=['operator', 'at'], name='acts_without_rate')],
            },
        ),
        migrations.CreateModel(
            name='Contest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, choices=[('accepted', 'accepted'), ('refused', 'refused')], max_length=10)),
                ('answer', models.TextField(blank=True)),
                ('correction_cents', models.PositiveIntegerField(default=0)),
                ('answered_at', models.DateTimeField(null=True)),
                ('act', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='contest', to='pay.act')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('correction_cents', 0), ('outcome', '')), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('outcome__in', ['accepted', 'refused'])), _connector='OR'), name='a_contest_is_answered_by_somebody'), models.CheckConstraint(condition=models.Q(('correction_cents', 0), ('outcome', 'accepted'), _connector='OR'), name='only_what_is_accepted_is_corrected')],
            },
        ),
    ]
