import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('foundation', '0001_tables'), ('foundation', '0002_recording_days')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Allowance',
            fields=[
                ('key', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('remaining', models.FloatField()),
                ('burst', models.FloatField()),
                ('per_second', models.FloatField()),
                ('at', models.FloatField(help_text='Seconds since 1970, UTC.')),
            ],
        ),
        migrations.CreateModel(
            name='GrantRevocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('principal', models.CharField(max_length=120, unique=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Operator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('slug', models.SlugField(unique=True)),
                ('time_zone', models.CharField(default='Europe/Paris', max_length=60)),
                ('country', models.CharField(default='FR', max_length=2)),
                ('language', models.CharField(default='fr', max_length=5)),
                ('currency', models.CharField(default='EUR', max_length=3)),
                ('two_factor_required', models.BooleanField(default=False, verbose_name='two-factor sign-in for supervisors and administrators')),
            ],
        ),
        migrations.CreateModel(
            name='SharedValue',
            fields=[
                ('cache_key', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('value', models.TextField()),
                ('expires', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail address')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('language', models.CharField(default='fr', max_length=5, verbose_name='language')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IdempotentAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(max_length=120)),
                ('key', models.CharField(max_length=80)),
                ('request_hash', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField()),
                ('body', models.JSONField()),
                ('at', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('scope', 'key'), name='one_answer_per_key')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('operator_admin', 'operator administrator'), ('supervisor', 'supervisor'), ('planner', 'planner'), ('agent', 'agent'), ('brand_user', 'brand user')], max_length=20)),
                ('active', models.BooleanField(default=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='foundation.operator')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'operator', 'role'), name='one_membership_per_role')],
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('may_write', models.BooleanField(default=True, help_text='Else it reads, and changes nothing.')),
                ('brands', models.JSONField(default=list, help_text='The ids of the brands whose things it is for; none for all.')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='foundation.membership')),
            ],
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('transaction', models.BigIntegerField(default=0)),
                ('topics', models.JSONField()),
                ('kind', models.CharField(max_length=60)),
                ('payload', models.JSONField()),
                ('at', models.DateTimeField(db_index=True)),
                ('operator', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.operator')),
            ],
            options={
                'indexes': [models.Index(fields=['transaction', 'id'], name='event_position'), models.Index(fields=['operator', 'transaction', 'id'], name='event_position_of_operator')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=60)),
                ('target', models.CharField(max_length=80)),
                ('data', models.JSONField(default=dict)),
                ('at', models.DateTimeField(db_index=True)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.operator')),
            ],
        ),
        migrations.CreateModel(
            name='OutboxMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('payload', models.JSONField()),
                ('state', models.CharField(choices=[('pending', 'to be sent'), ('sent', 'sent'), ('failed', 'given up')], default='pending', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField()),
                ('claimed_until', models.DateTimeField(null=True)),
                ('last_error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.operator')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['due_at'], name='outbox_pending')],
            },
        ),
        migrations.CreateModel(
            name='RetentionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('conversation_days', models.PositiveIntegerField(help_text='Words, files and mails, after the last contact.')),
                ('customer_days', models.PositiveIntegerField(help_text='Names and addresses, after the last contact.')),
                ('stray_mail_days', models.PositiveIntegerField(help_text='Mails that joined no conversation, after they came.')),
                ('recording_days', models.PositiveIntegerField(default=180, help_text='Recordings of calls, after the call.')),
                ('source', models.CharField(blank=True, help_text='The rule of law or the register that asks for it.', max_length=300)),
                ('valid_from', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='retention_rules', to='foundation.operator')),
                ('saved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('operator', 'valid_from'), name='one_retention_rule_at_a_time')],
            },
        ),
    ]
