import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('voice', '0001_tables'), ('voice', '0002_recordings'), ('voice', '0003_companions'), ('voice', '0004_moments_of_companions'), ('voice', '0005_consultations'), ('voice', '0006_placed'), ('voice', '0007_menus'), ('voice', '0008_told_by_agents'), ('voice', '0009_left_in_menus'), ('voice', '0010_asked_outside'), ('voice', '0011_turned_away'), ('voice', '0012_trunk_accounts'), ('voice', '0013_notices'), ('voice', '0014_prompts'), ('voice', '0015_prompt_given_at')]

    initial = True

    dependencies = [
        ('brands', '0001_schema'),
        ('contacts', '0001_schema'),
        ('foundation', '0001_schema'),
        ('outbound', '0001_schema'),
        ('people', '0001_schema'),
    ]

    operations = [
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('conversation_id', models.BigIntegerField(help_text='Of the contact: its customer listens on `thread:ID`.')),
                ('driver', models.CharField(max_length=20)),
                ('state', models.CharField(choices=[('dialling', 'being called'), ('queued', 'waiting'), ('ringing', 'ringing'), ('connecting', 'connecting'), ('talking', 'talking'), ('held', 'on hold'), ('ended', 'ended')], default='queued', max_length=10)),
                ('round', models.PositiveIntegerField(default=0)),
                ('began_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(help_text='Sound went both ways for the first time.', null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, choices=[('customer', 'customer'), ('agent', 'agent'), ('network', 'network'), ('house', 'house')], max_length=10)),
                ('why', models.CharField(blank=True, max_length=40)),
                ('listening_told_at', models.DateTimeField(help_text='The customer was told that somebody may listen; before, nobody may.', null=True)),
                ('listening_refused_at', models.DateTimeField(help_text='The customer whom the house called refused it.', null=True)),
                ('settled', models.BooleanField(default=False, help_text='It ended, and so did its contact: nothing is left to do.')),
                ('attempt', models.OneToOneField(help_text='What the gate let pass: the house called the customer.', null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='call', to='outbound.entry')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='contacts.contact')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.operator')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('settled', False)), fields=['id'], name='calls_to_follow')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'ended'), _negated=True), fields=('contact',), name='one_call_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state', 'ended')), models.Q(models.Q(('state', 'ended'), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='ended_call_has_its_time')],
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
                'constraints': [models.UniqueConstraint(fields=('call', 'side'), name='one_browser_per_end')],
            },
        ),
        migrations.CreateModel(
            name='Companion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('leg', models.PositiveSmallIntegerField(help_text="The agent's part in the call beside whom they are.")),
                ('part', models.CharField(choices=[('listen', 'listens'), ('whisper', 'speaks to the agent alone'), ('join', 'speaks to both'), ('asked', 'is asked, and has not answered'), ('consult', 'speaks with the agent while the customer is on hold')], max_length=10)),
                ('round', models.PositiveIntegerField(default=1)),
                ('passes_on', models.BooleanField(default=False)),
                ('note', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(help_text='Who was asked said yes.', null=True)),
                ('alive_until', models.DateTimeField()),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('why', models.CharField(blank=True, max_length=40)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('attempt', models.OneToOneField(help_text='Of who is outside the house.', null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='companion', to='outbound.entry')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='companions', to='voice.call')),
                ('colleague', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['call'], name='companions_of_call')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('user',), name='beside_one_agent_at_a_time'), models.UniqueConstraint(condition=models.Q(('asked_by__isnull', False), ('ended_at', None)), fields=('call',), name='one_asked_per_call'), models.CheckConstraint(condition=models.Q(models.Q(('attempt', None), ('user__isnull', False)), models.Q(('asked_by__isnull', False), ('attempt__isnull', False), ('colleague', None), ('user', None)), _connector='OR'), name='who_is_outside_was_called')],
            },
        ),
        migrations.CreateModel(
            name='CompanionSignal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_agent', models.BooleanField()),
                ('kind', models.CharField(max_length=12)),
                ('body', models.JSONField()),
                ('at', models.DateTimeField()),
                ('companion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signals', to='voice.companion')),
            ],
            options={
                'indexes': [models.Index(fields=['companion', 'from_agent', 'id'], name='signals_of_companion')],
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
                ('hand_raised_at', models.DateTimeField(help_text='The agent asks a supervisor for help.', null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('why', models.CharField(blank=True, max_length=40)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='legs', to='voice.call')),
            ],
            options={
                'indexes': [models.Index(fields=['agent', 'began_at'], name='legs_of_agent')],
                'constraints': [models.UniqueConstraint(fields=('call', 'number'), name='legs_are_numbered'), models.UniqueConstraint(condition=models.Q(('state', 'ended'), _negated=True), fields=('call',), name='one_open_leg_per_call')],
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
                'indexes': [models.Index(fields=['agent', 'at'], name='line_checks_of_agent')],
            },
        ),
        migrations.CreateModel(
            name='ListeningRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('allowed', models.BooleanField(default=False)),
                ('queue', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='brands.queue')),
            ],
        ),
        migrations.CreateModel(
            name='Number',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digits', models.CharField(max_length=16, unique=True, verbose_name='Number')),
                ('language', models.CharField(choices=[('fr', 'Français'), ('en', 'English')], default='fr', max_length=5, verbose_name='Language')),
                ('active', models.BooleanField(default=True, verbose_name='Calls are taken')),
                ('opening', models.CharField(blank=True, help_text='What is said before the choices of its menu.', max_length=200)),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='numbers', to='foundation.operator')),
                ('queue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='brands.queue')),
            ],
        ),
        migrations.CreateModel(
            name='LeftInMenu',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('during', models.CharField(choices=[('menu', 'the menu'), ('notice', 'the notice')], default='menu', max_length=6)),
                ('number', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='left_in_menu', to='voice.number')),
            ],
            options={
                'indexes': [models.Index(fields=['number', 'at'], name='left_in_menu_by_time')],
            },
        ),
        migrations.CreateModel(
            name='Caller',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('home', models.CharField(blank=True, max_length=60)),
                ('tag', models.CharField(max_length=40, unique=True)),
                ('dialog', models.JSONField(default=dict)),
                ('offer', models.TextField(blank=True)),
                ('place', models.CharField(blank=True, max_length=60)),
                ('where', models.CharField(blank=True, max_length=10)),
                ('round', models.PositiveIntegerField(default=0)),
                ('said', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('came_at', models.DateTimeField(help_text='Of who called; empty of whom the house calls.', null=True)),
                ('theirs', models.CharField(blank=True, max_length=32)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('language', models.CharField(blank=True, max_length=5)),
                ('called', models.CharField(blank=True, max_length=16)),
                ('stage', models.CharField(choices=[('choosing', 'chooses in a menu'), ('hearing', 'hears the notice'), ('to_dial', 'to be dialled'), ('dialled', 'dialled'), ('on_line', 'on the line'), ('passed_on', 'passed on')], default='on_line', max_length=10)),
                ('dialled_at', models.DateTimeField(null=True)),
                ('call', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='caller', to='voice.call')),
                ('opposite', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='voice.caller')),
                ('queue', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='brands.queue')),
                ('companion', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='caller', to='voice.companion')),
                ('number', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='voice.number')),
            ],
            options={
                'indexes': [models.Index(fields=['home'], name='callers_of_home')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('call', None), ('companion', None), ('stage__in', ('choosing', 'hearing'))), models.Q(models.Q(('stage__in', ('choosing', 'hearing')), _negated=True), ('call__isnull', False), ('companion', None)), models.Q(models.Q(('stage__in', ('choosing', 'hearing')), _negated=True), ('call', None), ('companion__isnull', False)), _connector='OR'), name='who_has_arrived_has_a_part_in_a_call')],
            },
        ),
        migrations.CreateModel(
            name='Prompt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=32)),
                ('wav', models.BinaryField()),
                ('given_at', models.DateTimeField(help_text='Last.')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.operator')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('operator', 'name'), name='a_prompt_is_kept_once')],
            },
        ),
        migrations.AddField(
            model_name='number',
            name='opening_prompt',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='voice.prompt'),
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('fr', 'Français'), ('en', 'English')], max_length=5)),
                ('version', models.PositiveSmallIntegerField()),
                ('text', models.TextField(blank=True, max_length=1000)),
                ('since', models.DateTimeField()),
                ('saved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('number', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='voice.number')),
                ('prompt', models.ForeignKey(help_text='What is heard of the text; empty: it is spoken.', null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='voice.prompt')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('number', 'language', 'version'), name='versions_of_a_notice_are_numbered')],
            },
        ),
        migrations.CreateModel(
            name='Choice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.PositiveSmallIntegerField()),
                ('label', models.CharField(max_length=80)),
                ('language', models.CharField(choices=[('fr', 'Français'), ('en', 'English')], max_length=5)),
                ('queue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='brands.queue')),
                ('number', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='choices', to='voice.number')),
                ('prompt', models.ForeignKey(help_text='What is heard of the key; empty: it is spoken.', null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='voice.prompt')),
            ],
            options={
                'ordering': ['key'],
                'constraints': [models.UniqueConstraint(fields=('number', 'key'), name='a_key_leads_to_one_queue'), models.CheckConstraint(condition=models.Q(('key__range', (1, 9))), name='keys_are_from_1_to_9')],
            },
        ),
        migrations.CreateModel(
            name='Recording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('told_at', models.DateTimeField(null=True)),
                ('refused_at', models.DateTimeField(null=True)),
                ('pauses', models.JSONField(default=list)),
                ('began_at', models.DateTimeField(help_text='Of the first take.', null=True)),
                ('call', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='recording', to='voice.call')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.operator')),
            ],
            options={
                'indexes': [models.Index(fields=['operator', 'began_at'], name='recordings_of_operator')],
            },
        ),
        migrations.CreateModel(
            name='Moment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('agent', 'paused by the agent'), ('desk_card', 'paused: a card is being typed at the desk'), ('page_card', 'paused: a card is being typed on the customer’s page'), ('outside', 'paused: somebody outside the house speaks, who was not told'), ('resumed', 'recorded again'), ('held', 'on hold'), ('taken_back', 'taken back from hold'), ('joined', 'a third person joins'), ('parted', 'the third person no longer speaks with the customer'), ('refused', 'the customer refuses to be recorded')], max_length=12)),
                ('at', models.DateTimeField()),
                ('recording', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moments', to='voice.recording')),
            ],
            options={
                'indexes': [models.Index(fields=['recording', 'at'], name='moments_of_recording')],
            },
        ),
        migrations.CreateModel(
            name='RecordingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('share', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(100)])),
                ('queue', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='brands.queue')),
            ],
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
                'indexes': [models.Index(fields=['call', 'leg', 'side', 'id'], name='samples_of_leg'), models.Index(fields=['agent', 'at'], name='samples_of_agent')],
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
                'indexes': [models.Index(fields=['call', 'sender', 'id'], name='signals_of_call')],
            },
        ),
        migrations.CreateModel(
            name='Take',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('leg', models.PositiveSmallIntegerField()),
                ('media_type', models.CharField(max_length=80)),
                ('began_at', models.DateTimeField()),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('recording', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='takes', to='voice.recording')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('recording', 'number'), name='takes_are_numbered')],
            },
        ),
        migrations.CreateModel(
            name='Piece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('size', models.PositiveIntegerField()),
                ('file', models.FileField(upload_to='recordings/%Y/%m/')),
                ('take', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='voice.take')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('take', 'number'), name='pieces_are_numbered')],
            },
        ),
        migrations.CreateModel(
            name='Told',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tellings', to='voice.call')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='voice.notice')),
            ],
            options={
                'verbose_name_plural': 'tellings',
            },
        ),
        migrations.CreateModel(
            name='TrunkAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('server', models.CharField(max_length=120, verbose_name='Server')),
                ('login', models.CharField(max_length=80, verbose_name='Login')),
                ('secret', models.TextField(blank=True)),
                ('active', models.BooleanField(default=True, verbose_name='Calls go by it')),
                ('state', models.CharField(choices=[('new', 'not registered yet'), ('registered', 'registered'), ('refused', 'refused'), ('unanswered', 'no answer'), ('off', 'switched off')], default='new', max_length=12)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('tries', models.PositiveIntegerField(default=0, help_text='In vain, one after another.')),
                ('next_at', models.DateTimeField(null=True)),
                ('keeper', models.CharField(blank=True, max_length=60)),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trunk_accounts', to='foundation.operator')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('server', 'login'), name='an_account_belongs_to_one')],
            },
        ),
        migrations.AddField(
            model_name='number',
            name='account',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='numbers', to='voice.trunkaccount'),
        ),
        migrations.CreateModel(
            name='TurnedAway',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('calls', models.PositiveIntegerField()),
                ('number', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turned_away', to='voice.number')),
            ],
            options={
                'indexes': [models.Index(fields=['number', 'at'], name='turned_away_by_time')],
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
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('agent',), name='one_weakness_at_a_time')],
            },
        ),
    ]
