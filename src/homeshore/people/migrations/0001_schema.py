import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('people', '0001_tables')]

    initial = True

    dependencies = [
        ('foundation', '0001_schema'),
    ]

    operations = [
        migrations.CreateModel(
            name='Agent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('first_name', models.CharField(help_text='What customers see.', max_length=60)),
                ('status', models.CharField(choices=[('employee', 'employee'), ('auto_entrepreneur', 'auto-entrepreneur'), ('company', 'own company'), ('portage', 'portage salarial')], max_length=20)),
                ('town', models.CharField(blank=True, max_length=80)),
                ('simulated', models.BooleanField(default=False)),
                ('active', models.BooleanField(default=True)),
                ('voice_places', models.PositiveSmallIntegerField(default=1)),
                ('chat_places', models.PositiveSmallIntegerField(default=3)),
                ('email_places', models.PositiveSmallIntegerField(default=5)),
                ('social_places', models.PositiveSmallIntegerField(default=3)),
                ('task_places', models.PositiveSmallIntegerField(default=1)),
                ('voice_line_ok', models.BooleanField(default=True, help_text='The line at home carries voice now.')),
                ('voice_line_why', models.CharField(blank=True, help_text='Which measure says that it does not.', max_length=60)),
                ('voice_line_at', models.DateTimeField(blank=True, help_text='Since when it is so.', null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agents', to='foundation.operator')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='agent', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Skill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField()),
                ('name', models.CharField(max_length=80)),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skills', to='foundation.operator')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('operator', 'code'), name='one_skill_per_code')],
            },
        ),
        migrations.CreateModel(
            name='AgentSkill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)])),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skills', to='people.agent')),
                ('skill', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.skill')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agent', 'skill'), name='one_level_per_skill'), models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 5)), name='level_from_1_to_5')],
            },
        ),
    ]
