import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('brands', '0001_tables')]

    initial = True

    dependencies = [
        ('foundation', '0001_schema'),
        ('people', '0001_schema'),
    ]

    operations = [
        migrations.CreateModel(
            name='Brand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('slug', models.SlugField()),
                ('sector', models.CharField(choices=[('telecoms', 'telecoms'), ('media', 'media'), ('press', 'press'), ('insurance', 'insurance'), ('banking', 'banking and finance'), ('retail', 'retail'), ('leisure', 'leisure')], max_length=20)),
                ('time_zone', models.CharField(default='Europe/Paris', max_length=60)),
                ('holidays_country', models.CharField(default='FR', max_length=2)),
                ('accent', models.CharField(default='#0a655b', max_length=7)),
                ('widget_key', models.CharField(max_length=40, unique=True)),
                ('allowed_origins', models.JSONField(default=list, help_text='Origins whose pages may carry the chat widget.')),
                ('greeting', models.JSONField(default=dict, help_text="By language, what the chat says first; empty means the house's words.")),
                ('privacy_url', models.URLField(blank=True, help_text="The brand's page on personal data, linked from the chat.")),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='brands', to='foundation.operator')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('operator', 'slug'), name='one_brand_per_slug')],
            },
        ),
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('body', models.TextField()),
                ('updated_at', models.DateTimeField()),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='articles', to='brands.brand')),
            ],
        ),
        migrations.CreateModel(
            name='BrandAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='brands.brand')),
                ('membership', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='brand_access', to='foundation.membership')),
            ],
        ),
        migrations.CreateModel(
            name='CannedReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shortcut', models.SlugField(max_length=30)),
                ('title', models.CharField(max_length=80)),
                ('body', models.TextField()),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='canned_replies', to='brands.brand')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('brand', 'shortcut'), name='one_reply_per_shortcut')],
            },
        ),
        migrations.CreateModel(
            name='Disposition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField()),
                ('name', models.CharField(max_length=80)),
                ('resolved', models.BooleanField(default=True, help_text="The customer's matter is settled.")),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='dispositions', to='brands.brand')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='details', to='brands.disposition')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('brand', 'code'), name='one_disposition_per_code')],
            },
        ),
        migrations.CreateModel(
            name='OpeningHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField()),
                ('opens', models.TimeField()),
                ('closes', models.TimeField()),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opening_hours', to='brands.brand')),
            ],
            options={
                'ordering': ['weekday', 'opens'],
                'constraints': [models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='weekday_from_0_to_6')],
            },
        ),
        migrations.CreateModel(
            name='Queue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('slug', models.SlugField()),
                ('channel', models.CharField(choices=[('voice', 'calls'), ('chat', 'chats'), ('email', 'e-mails'), ('social', 'social messages'), ('task', 'tasks')], max_length=10)),
                ('activity', models.CharField(choices=[('customer_service', 'customer service'), ('assistance', 'assistance'), ('sales', 'sales'), ('after_sales', 'after-sales'), ('collection', 'debt collection'), ('survey', 'surveys'), ('appointments', 'appointments'), ('secretariat', 'tele-secretariat'), ('community', 'community management')], max_length=20)),
                ('target_seconds', models.PositiveIntegerField(help_text='The y of the service level: answered within y seconds.')),
                ('target_percent', models.PositiveSmallIntegerField(default=80, help_text='The x of the service level.')),
                ('offer_seconds', models.PositiveIntegerField(default=20)),
                ('wrap_up_seconds', models.PositiveIntegerField(default=60)),
                ('priority', models.PositiveSmallIntegerField(default=0)),
                ('cost', models.FloatField(default=1.0, help_text="The weight of its waiting against other queues'.")),
                ('rings', models.JSONField(default=list, help_text='[{after_seconds, needs: {skill: level}}], as the needs relax.')),
                ('overflow', models.JSONField(default=list, help_text='[{after_seconds, queue}]: whose agents help from when.')),
                ('reserve', models.PositiveSmallIntegerField(default=0, help_text='Free agents the other queues keep for this one.')),
                ('last_agent_days', models.PositiveSmallIntegerField(default=0)),
                ('sticky_seconds', models.PositiveIntegerField(default=0)),
                ('interruptible', models.BooleanField(default=True, help_text='May be put aside for a call.')),
                ('outside_hours', models.CharField(choices=[('answer', 'offered to whoever is ready'), ('hold', 'kept until the brand opens')], default='answer', max_length=10)),
                ('disposition_required', models.BooleanField(default=True)),
                ('active', models.BooleanField(default=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='queues', to='brands.brand')),
                ('moved_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='brands.queue')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='queues', to='foundation.operator')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('brand', 'slug'), name='one_queue_per_slug')],
            },
        ),
        migrations.CreateModel(
            name='QueueNeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minimum', models.PositiveSmallIntegerField()),
                ('queue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='brands.queue')),
                ('skill', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.skill')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('queue', 'skill'), name='one_need_per_skill'), models.CheckConstraint(condition=models.Q(('minimum__gte', 1), ('minimum__lte', 5)), name='need_from_1_to_5')],
            },
        ),
        migrations.CreateModel(
            name='QueueVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('policy', models.JSONField(help_text='brands.policy.QueuePolicy as plain values.')),
                ('valid_from', models.DateTimeField()),
                ('applied_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('saved_at', models.DateTimeField()),
                ('note', models.CharField(blank=True, help_text='Why, in the words of who set it.', max_length=200)),
                ('queue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='brands.queue')),
                ('saved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-number'],
                'indexes': [models.Index(condition=models.Q(('applied_at__isnull', True), ('withdrawn_at__isnull', True)), fields=['valid_from'], name='versions_to_come')],
                'constraints': [models.UniqueConstraint(fields=('queue', 'number'), name='one_version_per_number')],
            },
        ),
        migrations.CreateModel(
            name='RateCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('currency', models.CharField(default='EUR', max_length=3)),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(blank=True, null=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rate_cards', to='brands.brand')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('brand', 'version'), name='one_card_per_version')],
            },
        ),
        migrations.CreateModel(
            name='Rate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('act', 'act'), ('supplement', 'supplement')], default='act', max_length=12)),
                ('label', models.CharField(max_length=80)),
                ('amount_cents', models.PositiveIntegerField()),
                ('disposition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='brands.disposition')),
                ('queue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='brands.queue')),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rates', to='brands.ratecard')),
            ],
        ),
    ]
