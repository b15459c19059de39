import django.db.models.deletion
import homeshore.channels.email.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('email', '0001_tables')]

    initial = True

    dependencies = [
        ('brands', '0001_schema'),
        ('contacts', '0001_schema'),
        ('foundation', '0001_schema'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mailbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(max_length=254, verbose_name='Address')),
                ('display_name', models.CharField(max_length=80, verbose_name='Name shown to customers')),
                ('active', models.BooleanField(default=True, verbose_name='Read and send by this mailbox')),
                ('imap_host', models.CharField(max_length=120, verbose_name='IMAP server')),
                ('imap_port', models.PositiveIntegerField(default=993, verbose_name='IMAP port')),
                ('imap_security', models.CharField(choices=[('tls', 'TLS from the start'), ('starttls', 'STARTTLS'), ('none', 'none (only on a trusted network)')], default='tls', max_length=10, verbose_name='IMAP security')),
                ('imap_user', models.CharField(max_length=120, verbose_name='IMAP user')),
                ('imap_secret', models.TextField(blank=True, help_text='Encrypted.')),
                ('folder', models.CharField(default='INBOX', max_length=120, verbose_name='Folder')),
                ('smtp_host', models.CharField(max_length=120, verbose_name='SMTP server')),
                ('smtp_port', models.PositiveIntegerField(default=465, verbose_name='SMTP port')),
                ('smtp_security', models.CharField(choices=[('tls', 'TLS from the start'), ('starttls', 'STARTTLS'), ('none', 'none (only on a trusted network)')], default='tls', max_length=10, verbose_name='SMTP security')),
                ('smtp_user', models.CharField(blank=True, max_length=120, verbose_name='SMTP user')),
                ('smtp_secret', models.TextField(blank=True, help_text='Encrypted.')),
                ('plus_addressing', models.BooleanField(default=True, help_text="Answers then find their conversation even when the customer's program forgets which mail it answers.", verbose_name='The server delivers name+anything@ to name@')),
                ('acknowledgement', models.TextField(blank=True, help_text='Sent once to whoever opens a conversation; empty for none.', verbose_name='Acknowledgement of receipt')),
                ('take_since', models.DateTimeField(help_text='Mails that reached the server before this are left alone.')),
                ('uidvalidity', models.BigIntegerField(null=True)),
                ('last_uid', models.BigIntegerField(default=0)),
                ('state', models.CharField(choices=[('new', 'not yet read'), ('listening', 'listening'), ('failing', 'out of reach')], default='new', max_length=10)),
                ('state_since', models.DateTimeField()),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('checked_at', models.DateTimeField(null=True)),
                ('owner', models.CharField(blank=True, max_length=80)),
                ('lease_until', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1, help_text='Rises with each change of settings.')),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mailboxes', to='brands.brand')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mailboxes', to='foundation.operator')),
                ('queue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mailboxes', to='brands.queue')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('address',), name='one_mailbox_per_address')],
            },
        ),
        migrations.CreateModel(
            name='InboundMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uidvalidity', models.BigIntegerField()),
                ('uid', models.BigIntegerField()),
                ('fingerprint', models.CharField(max_length=64)),
                ('raw', models.FileField(max_length=200, upload_to=homeshore.channels.email.models.raw_path)),
                ('size', models.PositiveBigIntegerField()),
                ('mail_id', models.CharField(blank=True, help_text='Its Message-ID.', max_length=255)),
                ('sender', models.CharField(blank=True, max_length=254)),
                ('reply_to', models.CharField(blank=True, max_length=254)),
                ('subject', models.CharField(blank=True, max_length=300)),
                ('references', models.TextField(blank=True, help_text='The ids an answer to it must cite, oldest first.')),
                ('state', models.CharField(choices=[('taken', 'taken in'), ('automatic', 'written by a program'), ('set_aside', 'set aside'), ('dismissed', 'dismissed')], max_length=10)),
                ('why', models.CharField(blank=True, max_length=20)),
                ('detail', models.CharField(blank=True, max_length=300)),
                ('received_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='contacts.message')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.operator')),
                ('mailbox', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inbound', to='email.mailbox')),
            ],
            options={
                'indexes': [models.Index(fields=['operator', 'state', 'received_at'], name='inbound_by_state'), models.Index(condition=models.Q(('mail_id', ''), _negated=True), fields=['mail_id'], name='inbound_by_mail_id'), models.Index(fields=['mailbox', 'sender', 'received_at'], name='inbound_by_sender')],
                'constraints': [models.UniqueConstraint(fields=('mailbox', 'fingerprint'), name='a_mail_is_taken_once')],
            },
        ),
        migrations.CreateModel(
            name='OutboundMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mail_id', models.CharField(help_text='Its Message-ID.', max_length=255, unique=True)),
                ('recipient', models.EmailField(max_length=254)),
                ('subject', models.CharField(max_length=300)),
                ('in_reply_to', models.CharField(blank=True, max_length=255)),
                ('references', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('prepared', 'being sent'), ('handing_over', 'being handed over'), ('sent', 'sent'), ('failed', 'not delivered'), ('uncertain', 'perhaps sent')], default='prepared', max_length=15)),
                ('handing_over_since', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('prepared_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('acknowledges', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='acknowledgement', to='email.inboundmail')),
                ('mailbox', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outbound', to='email.mailbox')),
                ('message', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contacts.message')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='foundation.operator')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('failed_at__isnull', False)), fields=['operator', 'failed_at'], name='outbound_failed'), models.Index(fields=['mailbox', 'recipient', 'prepared_at'], name='outbound_by_recipient')],
                'constraints': [models.CheckConstraint(condition=models.Q(('message__isnull', False), ('acknowledges__isnull', False), _connector='OR'), name='a_mail_says_something')],
            },
        ),
    ]
