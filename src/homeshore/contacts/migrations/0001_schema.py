import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('contacts', '0001_tables'), ('contacts', '0002_indices_of_offers'), ('contacts', '0003_reservations'), ('contacts', '0004_outgoing')]

    initial = True

    dependencies = [
        ('brands', '0001_schema'),
        ('foundation', '0001_schema'),
        ('people', '0001_schema'),
    ]

    operations = [
        migrations.CreateModel(
            name='Router',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('alive_until', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=120)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=32)),
                ('language', models.CharField(default='fr', max_length=5)),
                ('simulated', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('forgotten_at', models.DateTimeField(help_text='Since when nothing says who this was.', null=True)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='customers', to='brands.brand')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.operator')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('email', ''), _negated=True), fields=('brand', 'email'), name='one_customer_per_email')],
            },
        ),
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=10)),
                ('thread_key', models.CharField(max_length=200)),
                ('subject', models.CharField(blank=True, max_length=300)),
                ('unverified_email', models.EmailField(blank=True, help_text='An address that the customer typed, as long as nobody has shown that it is theirs.', max_length=254)),
                ('created_at', models.DateTimeField()),
                ('last_message_at', models.DateTimeField()),
                ('agent_read_at', models.DateTimeField(null=True)),
                ('customer_read_at', models.DateTimeField(null=True)),
                ('forgotten_at', models.DateTimeField(help_text='Since when its words, files and mails are gone.', null=True)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conversations', to='brands.brand')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.operator')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conversations', to='contacts.customer')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('forgotten_at__isnull', True)), fields=['operator', 'last_message_at'], name='conversations_kept')],
                'constraints': [models.UniqueConstraint(fields=('brand', 'channel', 'thread_key'), name='one_conversation_per_thread')],
            },
        ),
        migrations.CreateModel(
            name='Floor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('owner', models.CharField(blank=True, max_length=80)),
                ('epoch', models.PositiveBigIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('seq', models.PositiveBigIntegerField(default=0, help_text='The last input consumed.')),
                ('day', models.DateField(help_text='The local day whose acts the router counts.', null=True)),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='floors', to='foundation.operator')),
            ],
        ),
        migrations.CreateModel(
            name='Fact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('input', models.JSONField()),
                ('floor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='facts', to='contacts.floor')),
            ],
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=10)),
                ('direction', models.CharField(choices=[('inbound', 'from the customer'), ('outbound', 'to the customer')], db_default='inbound', default='inbound', max_length=10)),
                ('state', models.CharField(choices=[('scheduled', 'scheduled'), ('waiting', 'waiting'), ('offered', 'offered'), ('active', 'in progress'), ('closed', 'closed')], max_length=10)),
                ('outcome', models.CharField(blank=True, choices=[('handled', 'handled'), ('abandoned', 'abandoned'), ('cancelled', 'cancelled')], max_length=10)),
                ('priority', models.PositiveSmallIntegerField(default=0)),
                ('arrived_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_in_target', models.BooleanField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='brands.brand')),
                ('disposition', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='brands.disposition')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.operator')),
                ('preferred_agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.agent')),
                ('queue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='brands.queue')),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='contacts.conversation')),
                ('floor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='contacts.floor')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['floor', 'state'], name='open_contacts_of_floor'), models.Index(fields=['queue', 'arrived_at'], name='contacts_of_queue_by_time'), models.Index(fields=['operator', 'closed_at'], name='contacts_by_closing')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'closed'), _negated=True), fields=('conversation',), name='one_open_contact_per_conversation'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at__isnull', True)), _connector='OR'), name='closed_contact_has_its_time')],
            },
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveBigIntegerField()),
                ('state', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('floor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='checkpoints', to='contacts.floor')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('floor', 'seq'), name='one_checkpoint_per_seq')],
            },
        ),
        migrations.CreateModel(
            name='FloorPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('rules', models.JSONField(help_text='What people set of routing.policy.Policy, as plain values.')),
                ('valid_from', models.DateTimeField()),
                ('applied_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('saved_at', models.DateTimeField()),
                ('note', models.CharField(blank=True, help_text='Why, in the words of who set it.', max_length=200)),
                ('floor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='policies', to='contacts.floor')),
                ('saved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('floor', 'number'), name='one_policy_per_number')],
            },
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveBigIntegerField()),
                ('epoch', models.PositiveBigIntegerField()),
                ('now', models.BigIntegerField(help_text='Milliseconds since the epoch, UTC.')),
                ('input', models.JSONField()),
                ('decided', models.CharField(blank=True, max_length=64)),
                ('floor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='journal', to='contacts.floor')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('floor', 'seq'), name='one_entry_per_seq')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('inbound', 'from the customer'), ('outbound', 'to the customer'), ('note', 'note'), ('system', 'system')], max_length=10)),
                ('audience', models.CharField(blank=True, choices=[('operator', 'operator only'), ('brand', 'operator and brand')], max_length=10)),
                ('author_name', models.CharField(blank=True, max_length=120)),
                ('address', models.EmailField(blank=True, help_text='Of a mail: whom it came from, or goes to.', max_length=254)),
                ('reply_to', models.EmailField(blank=True, help_text='Of a mail that a person wrote: where its answer goes.', max_length=254)),
                ('body', models.TextField(blank=True)),
                ('html', models.TextField(blank=True, help_text='Sanitised HTML of a mail.')),
                ('quoted', models.TextField(blank=True, help_text='What a mail quotes of earlier ones, folded on screen.')),
                ('delivery', models.CharField(choices=[('none', 'nothing to deliver'), ('queued', 'being sent'), ('sent', 'sent'), ('failed', 'not delivered')], default='none', max_length=10)),
                ('delivery_error', models.CharField(blank=True, max_length=300)),
                ('client_id', models.CharField(help_text='Given by the sender: the same message twice is one message.', max_length=80)),
                ('at', models.DateTimeField()),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='contacts.contact')),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='contacts.conversation')),
            ],
            options={
                'indexes': [models.Index(fields=['conversation', 'at'], name='messages_of_conversation')],
                'constraints': [models.UniqueConstraint(fields=('conversation', 'client_id'), name='a_message_is_said_once')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveBigIntegerField()),
                ('file', models.FileField(upload_to='attachments/%Y/%m/')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='contacts.message')),
            ],
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('open', 'open'), ('accepted', 'accepted'), ('declined', 'declined'), ('timed_out', 'not answered'), ('withdrawn', 'withdrawn')], default='open', max_length=10)),
                ('epoch', models.PositiveBigIntegerField()),
                ('offered_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('why', models.CharField(blank=True, help_text='Why it was declined or withdrawn.', max_length=60)),
                ('reasons', models.JSONField()),
                ('agent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='people.agent')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='contacts.contact')),
                ('floor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='contacts.floor')),
                ('queue', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='brands.queue')),
            ],
            options={
                'indexes': [models.Index(fields=['agent', 'offered_at'], name='offers_of_agent'), models.Index(fields=['queue', 'offered_at'], name='offers_of_queue'), models.Index(condition=models.Q(('state', 'open')), fields=['floor'], name='open_offers_of_floor')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('contact',), name='one_open_offer_per_contact')],
            },
        ),
        migrations.CreateModel(
            name='ContestedOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, choices=[('accepted', 'accepted'), ('refused', 'refused')], max_length=10)),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contests', to='contacts.offer')),
            ],
            options={
                'indexes': [models.Index(fields=['agent', 'at'], name='contested_offers_of_agent')],
                'constraints': [models.UniqueConstraint(fields=('offer', 'agent'), name='an_offer_is_contested_once_by_an_agent'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('outcome', '')), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('outcome__in', ['accepted', 'refused'])), _connector='OR'), name='a_contested_offer_is_answered_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('active', 'in progress'), ('wrap_up', 'wrap-up'), ('ended', 'ended')], default='active', max_length=10)),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(help_text='When the talk with the customer ended.', null=True)),
                ('wrap_up_until', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('why', models.CharField(blank=True, help_text='closed, transferred, handed_over, requeued, line_lost, reassigned.', max_length=60)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='people.agent')),
                ('queue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='brands.queue')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='contacts.contact')),
                ('offer', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignment', to='contacts.offer')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'ended'), _negated=True), fields=['agent', 'state'], name='work_of_agent'), models.Index(fields=['agent', 'opened_at'], name='assignments_of_agent')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('contact',), name='one_active_assignment_per_contact')],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('offline', 'offline'), ('ready', 'ready'), ('break', 'on a break')], default='offline', max_length=10)),
                ('reason', models.CharField(blank=True, choices=[('pause', 'pause'), ('lunch', 'lunch'), ('training', 'training'), ('meeting', 'meeting'), ('technical', 'technical problem'), ('no_answer', 'no answer to offers')], max_length=20)),
                ('since', models.DateTimeField()),
                ('lease_until', models.DateTimeField()),
                ('line_lost_at', models.DateTimeField(null=True)),
                ('agent', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='presence', to='people.agent')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(models.Q(('state', 'offline'), _negated=True), ('line_lost_at__isnull', True)), fields=['lease_until'], name='presence_leases')],
            },
        ),
        migrations.CreateModel(
            name='PresenceSpan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(help_text='A presence state, or line_lost.', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=20)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presence_spans', to='people.agent')),
            ],
            options={
                'indexes': [models.Index(fields=['agent', 'since'], name='spans_of_agent')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('agent',), name='one_open_span_per_agent')],
            },
        ),
        migrations.CreateModel(
            name='QueueOnFloor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opens_at', models.DateTimeField(help_text='Kept until then, because the brand is closed.', null=True)),
                ('opened_at', models.DateTimeField(help_text='When it was last opened after having been kept.', null=True)),
                ('floor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='queues', to='contacts.floor')),
                ('queue', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='on_floor', to='brands.queue')),
            ],
        ),
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('agent', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reservation', to='people.agent')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reservations', to='contacts.contact')),
            ],
        ),
        migrations.CreateModel(
            name='Study',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('day', models.DateField(help_text='The local day that is played.')),
                ('contacts', models.PositiveIntegerField(help_text='How many came on that day.')),
                ('guessed', models.JSONField(default=list, help_text='Queues whose handling or patience is assumed.')),
                ('recorded', models.JSONField(default=dict, help_text="The floor's measures as they were.")),
                ('progress', models.FloatField(default=0.0)),
                ('beat_at', models.DateTimeField()),
                ('outcomes', models.JSONField(help_text='routing.simulator.document.write_outcomes, once it is done.', null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('floor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.floor')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.operator')),
            ],
        ),
        migrations.CreateModel(
            name='Callback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_by', models.CharField(choices=[('customer', 'customer'), ('agent', 'agent')], max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('wording', models.TextField()),
                ('number', models.CharField(blank=True, help_text='E.164: + and digits; empty: on the open page.', max_length=16)),
                ('wanted_at', models.DateTimeField(help_text='The moment promised; none: when its turn comes.', null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('last_attempt_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(help_text='The customer called by themselves meanwhile.', null=True)),
                ('agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent')),
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='callback', to='contacts.contact')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('agent__isnull', False), ('asked_by', 'agent')), models.Q(('agent__isnull', True), ('asked_by', 'customer')), _connector='OR'), name='a_callback_says_who_asked')],
            },
        ),
    ]
