import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('missions', '0001_tables')]

    initial = True

    dependencies = [
        ('brands', '0001_schema'),
        ('foundation', '0001_schema'),
        ('people', '0001_schema'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='missions', to='brands.brand')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='missions', to='foundation.operator')),
                ('queues', models.ManyToManyField(related_name='missions', to='brands.queue')),
            ],
        ),
        migrations.CreateModel(
            name='Engagement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('employee', 'employee'), ('auto_entrepreneur', 'auto-entrepreneur'), ('company', 'own company'), ('portage', 'portage salarial')], max_length=20)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='engagements', to='people.agent')),
                ('mission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='engagements', to='missions.mission')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('mission', 'agent'), name='one_engagement_at_a_time')],
            },
        ),
    ]
