import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [('voice', '0001_initial'), ('voice', '0002_quality'), ('voice', '0003_telephone'), ('voice', '0004_line_checks')]

    dependencies = [
        ('brands', '0001_tables'),
        ('contacts', '0001_tables'),
        ('foundation', '0001_tables'),
        ('people', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('conversation_id', models.BigIntegerField(help_text='Of the contact: its customer listens on `thread:ID`.')),
                ('driver', models.CharField(max_length=20)),
                ('state', models.CharField(choices=[('queued', 'waiting'), ('ringing', 'ringing'), ('connecting', 'connecting'), ('talking', 'talking'), ('held', 'on hold'), ('ended', 'ended')], default='queued', max_length=10)),
                ('round', models.PositiveIntegerField(default=0)),
                ('began_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(help_text='Sound went both ways for the first time.', null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, choices=[('customer', 'customer'), ('agent', 'agent'), ('network', 'network'), ('house', 'house')], max_length=10)),
                ('why', models.CharField(blank=True, max_length=40)),
                ('settled', models.BooleanField(default=False, help_text='It ended, and so did its contact: nothing is left to do.')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='contacts.contact')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.operator')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('state', 'ended'), _negated=True), fields=('contact',), name='one_call_at_a_time'),
                    models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state', 'ended')), models.Q(models.Q(('state', 'ended'), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='ended_call_has_its_time'),
                ],
                'indexes': [
                    models.Index(condition=models.Q(('settled', False)), fields=['id'], name='calls_to_follow'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Browser',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('customer', 'customer'), ('agent', 'agent')], max_length=10)),
                ('device', models.CharField(max_length=40)),
                ('alive_until', models.DateTimeField()),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='browsers', to='voice.call')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('call', 'side'), name='one_browser_per_end'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Leg',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('offer_id', models.CharField(blank=True, max_length=60)),
                ('assignment_id', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[('ringing', 'ringing'), ('connecting', 'connecting'), ('talking', 'talking'), ('ended', 'ended')], max_length=10)),
                ('began_at', models.DateTimeField()),
                ('rang_at', models.DateTimeField(help_text="The agent's phone was heard to ring.", null=True)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('customer_heard_at', models.DateTimeField(help_text='Sound of the agent first reached the customer.', null=True)),
                ('agent_heard_at', models.DateTimeField(help_text='Sound of the customer first reached the agent.', null=True)),
                ('answered_at', models.DateTimeField(help_text='The later of the two.', null=True)),
                ('held_since', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('why', models.CharField(blank=True, max_length=40)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='legs', to='voice.call')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('call', 'number'), name='legs_are_numbered'),
                    models.UniqueConstraint(condition=models.Q(('state', 'ended'), _negated=True), fields=('call',), name='one_open_leg_per_call'),
                ],
                'indexes': [
                    models.Index(fields=['agent', 'began_at'], name='legs_of_agent'),
                ],
            },
        ),
        migrations.CreateModel(
            name='LineBar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mos', models.FloatField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4.4)])),
                ('kbps', models.PositiveIntegerField()),
                ('headset', models.BooleanField()),
                ('wire', models.BooleanField()),
                ('queue', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='brands.queue')),
            ],
        ),
        migrations.CreateModel(
            name='LineCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('whole', 'Whole'), ('shift', 'Shift')], max_length=8)),
                ('seconds', models.PositiveSmallIntegerField(help_text='Of sound that went through the relay and back.')),
                ('mos', models.FloatField(null=True)),
                ('lowest_mos', models.FloatField(null=True)),
                ('figures', models.JSONField()),
                ('browser', models.CharField(blank=True, max_length=120)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='line_checks', to='people.agent')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['agent', 'at'], name='line_checks_of_agent'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Number',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digits', models.CharField(max_length=16, unique=True, verbose_name='Number')),
                ('language', models.CharField(choices=[('fr', 'Français'), ('en', 'English')], default='fr', max_length=5, verbose_name='Language')),
                ('active', models.BooleanField(default=True, verbose_name='Calls are taken')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='numbers', to='foundation.operator')),
                ('queue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='brands.queue')),
            ],
        ),
        migrations.CreateModel(
            name='Caller',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('home', models.CharField(max_length=60)),
                ('tag', models.CharField(max_length=40, unique=True)),
                ('dialog', models.JSONField()),
                ('offer', models.TextField()),
                ('place', models.CharField(blank=True, max_length=60)),
                ('where', models.CharField(blank=True, max_length=10)),
                ('round', models.PositiveIntegerField(default=0)),
                ('said', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('call', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='caller', to='voice.call')),
                ('number', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='voice.number')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['home'], name='callers_of_home'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('leg', models.PositiveSmallIntegerField()),
                ('side', models.CharField(choices=[('customer', 'customer'), ('agent', 'agent')], help_text='The end that measured: sound towards it.', max_length=10)),
                ('at', models.DateTimeField()),
                ('loss', models.FloatField(help_text='Share of packets lost, 0 to 1.')),
                ('jitter_ms', models.FloatField()),
                ('round_trip_ms', models.FloatField()),
                ('mos', models.FloatField()),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='samples', to='voice.call')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['call', 'leg', 'side', 'id'], name='samples_of_leg'),
                    models.Index(fields=['agent', 'at'], name='samples_of_agent'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Signal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveIntegerField()),
                ('sender', models.CharField(choices=[('customer', 'customer'), ('agent', 'agent')], max_length=10)),
                ('kind', models.CharField(max_length=12)),
                ('body', models.JSONField()),
                ('at', models.DateTimeField()),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signals', to='voice.call')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['call', 'sender', 'id'], name='signals_of_call'),
                ],
            },
        ),
        migrations.CreateModel(
            name='WeakLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mos', models.FloatField()),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='weak_lines', to='people.agent')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('agent',), name='one_weakness_at_a_time'),
                ],
            },
        ),
    ]
