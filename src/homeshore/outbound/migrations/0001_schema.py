import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('outbound', '0001_tables'), ('outbound', '0002_lists'), ('outbound', '0003_asked_back')]

    initial = True

    dependencies = [
        ('brands', '0001_schema'),
        ('contacts', '0001_schema'),
        ('foundation', '0001_schema'),
        ('people', '0001_schema'),
    ]

    operations = [
        migrations.CreateModel(
            name='CallList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('purpose', models.CharField(choices=[('canvassing', 'canvassing'), ('survey', 'survey'), ('collection', 'collection'), ('service', 'service')], max_length=16)),
                ('about_contract', models.BooleanField(default=False)),
                ('caller_number', models.CharField(blank=True, max_length=16)),
                ('weekdays', models.JSONField(default=list)),
                ('opens', models.TimeField(null=True)),
                ('closes', models.TimeField(null=True)),
                ('most_attempts', models.PositiveSmallIntegerField(default=3)),
                ('pause_hours', models.PositiveSmallIntegerField(default=24)),
                ('script', models.TextField(blank=True)),
                ('columns', models.JSONField(default=list, help_text='Names of the free columns of its files, in their order.')),
                ('state', models.CharField(choices=[('draft', 'not started'), ('running', 'running'), ('paused', 'paused'), ('ended', 'ended')], default='draft', max_length=8)),
                ('made_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='brands.brand')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.operator')),
                ('queue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='brands.queue')),
            ],
            options={
                'indexes': [models.Index(fields=['operator', 'state'], name='lists_of_operator')],
            },
        ),
        migrations.CreateModel(
            name='ListEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField()),
                ('number', models.CharField(blank=True, help_text='E.164; empty when it is forgotten.', max_length=16)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('language', models.CharField(default='fr', max_length=5)),
                ('told', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('to_call', 'to_call'), ('previewed', 'previewed'), ('called', 'called'), ('reached', 'reached'), ('refused', 'refused'), ('unreached', 'unreached'), ('stopped', 'stopped'), ('skipped', 'skipped'), ('apart', 'apart'), ('erased', 'erased')], max_length=12)),
                ('due_at', models.DateTimeField()),
                ('asked_back', models.BooleanField(default=False)),
                ('promised_for', models.DateTimeField(null=True)),
                ('until', models.DateTimeField(null=True)),
                ('tried', models.PositiveSmallIntegerField(default=0)),
                ('why', models.JSONField(default=list)),
                ('imported_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.agent')),
                ('call_list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='outbound.calllist')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='contacts.contact')),
                ('disposition', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='brands.disposition')),
                ('wanted_agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.agent')),
            ],
            options={
                'indexes': [models.Index(fields=['call_list', 'state', 'due_at'], name='entries_by_due_time'), models.Index(condition=models.Q(('asked_back', True)), fields=['due_at'], name='entries_asked_back'), models.Index(fields=['number'], name='entries_of_number')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'previewed')), fields=('agent',), name='an_agent_previews_one_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='ListDeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('called', 'Called'), ('skipped', 'Skipped'), ('stopped', 'Stopped')], max_length=8)),
                ('at', models.DateTimeField()),
                ('result', models.CharField(blank=True, max_length=12)),
                ('why', models.JSONField(default=list)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.agent')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='contacts.contact')),
                ('disposition', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='brands.disposition')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deeds', to='outbound.listentry')),
            ],
            options={
                'indexes': [models.Index(fields=['contact'], name='deeds_of_contact')],
            },
        ),
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
                'indexes': [models.Index(condition=models.Q(('callback_from__isnull', False)), fields=['operator', 'callback_from'], name='callbacks_due')],
                'constraints': [models.UniqueConstraint(fields=('operator', 'brand', 'number'), name='one_party_per_number')],
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
                'indexes': [models.Index(fields=['kind', 'recorded_at'], name='entries_of_kind')],
                'constraints': [models.UniqueConstraint(fields=('party', 'position'), name='entries_are_numbered')],
            },
        ),
    ]
