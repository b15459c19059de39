import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('planning', '0001_tables'), ('planning', '0002_work_before')]

    initial = True

    dependencies = [
        ('foundation', '0001_schema'),
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('source', models.CharField(choices=[('platform', 'contacts of this platform'), ('file', 'a file')], max_length=10)),
                ('file_name', models.CharField(blank=True, max_length=200)),
                ('mapping', models.JSONField(default=dict, help_text='How the file is read, once a person has confirmed it.')),
                ('settings', models.JSONField(default=dict, help_text='What the planner asks, where it differs from the usual.')),
                ('people', models.JSONField(default=dict, help_text='Whose availability is planned with: its source, and rows of people.')),
                ('assumptions', models.JSONField(default=dict, help_text="The planner's own numbers for comparing models.")),
                ('invented', models.BooleanField(default=False, help_text='Of a demonstration: the history is generated.')),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.operator')),
            ],
            options={
                'indexes': [models.Index(fields=['operator', '-changed_at'], name='plans_of_operator')],
            },
        ),
        migrations.CreateModel(
            name='Material',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('file', 'File'), ('volumes', 'Volumes'), ('contacts', 'Contacts')], max_length=10)),
                ('content', models.BinaryField()),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='materials', to='planning.plan')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('plan', 'kind'), name='one_material_of_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('look', 'Look'), ('history', 'History'), ('forecast', 'Forecast'), ('staffing', 'Staffing'), ('mix', 'Mix'), ('schedule', 'Schedule'), ('repair', 'Repair'), ('income', 'Income'), ('comparison', 'Comparison')], max_length=12)),
                ('figures', models.JSONField()),
                ('made_at', models.DateTimeField()),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='planning.plan')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('plan', 'name'), name='one_result_a_step')],
            },
        ),
        migrations.CreateModel(
            name='Work',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('look', 'Look'), ('read', 'Read'), ('forecast', 'Forecast'), ('mix', 'Mix'), ('schedule', 'Schedule'), ('repair', 'Repair'), ('compare', 'Compare')], max_length=10)),
                ('asked', models.JSONField(default=dict, help_text='What this work needs besides the plan.')),
                ('before', models.JSONField(default=dict, help_text='What the plan asked before this work: so it is again when cancelled.')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=10)),
                ('doing', models.CharField(blank=True, max_length=20)),
                ('share', models.FloatField(default=0.0)),
                ('problems', models.JSONField(default=list, help_text='Why it failed, as data.')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('asked_at', models.DateTimeField()),
                ('beat_at', models.DateTimeField(help_text='When whoever does it was last heard of.', null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='works', to='planning.plan')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['asked_at'], name='work_to_do')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'running'])), fields=('plan',), name='one_work_at_a_time_on_a_plan')],
            },
        ),
    ]
