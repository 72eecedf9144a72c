
import collector.models.people
import collector.models.work
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
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
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=120)),
                ('description', models.TextField()),
                ('language', models.CharField(help_text='BCP 47 tag, such as en or de-AT.', max_length=35)),
                ('licence', models.CharField(default='CC-BY-4.0', help_text='SPDX id.', max_length=60)),
                ('status', models.CharField(choices=[('draft', 'In preparation'), ('open', 'Open'), ('closed', 'Closed')], default='draft', max_length=8)),
                ('goal_clips', models.PositiveIntegerField(default=1000)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'open', 'closed'])), name='campaign_status_known')],
            },
        ),
        migrations.CreateModel(
            name='ConsentText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('language', models.CharField(max_length=35)),
                ('body', models.TextField()),
                ('sha256', models.CharField(editable=False, max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consent_texts', to='collector.campaign')),
            ],
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('consent_given', 'Consent given'), ('clip_uploaded', 'Recording received'), ('clip_transcoded', 'Recording measured'), ('clip_unusable', 'Recording set aside as unusable'), ('clip_scored', 'Recording heard by the machine'), ('vote_cast', 'Vote cast'), ('case_decided', 'Recording judged'), ('release_frozen', 'Release cut'), ('release_revised', 'Release revised after a withdrawal'), ('export_downloaded', 'Export downloaded'), ('clip_withdrawn', 'Recording taken back'), ('clip_erased', 'Recording erased')], max_length=24)),
                ('clip_id', models.UUIDField(blank=True, null=True)),
                ('data', models.JSONField(default=dict)),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('clip_id__isnull', False)), fields=['clip_id', 'id'], name='event_of_clip')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['consent_given', 'clip_uploaded', 'clip_transcoded', 'clip_unusable', 'clip_scored', 'vote_cast', 'case_decided', 'release_frozen', 'release_revised', 'export_downloaded', 'clip_withdrawn', 'clip_erased'])), name='event_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('reviewer', 'Reviewer'), ('curator', 'Curator'), ('researcher', 'Researcher')], max_length=16)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='collector.campaign')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Participation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pseudonym', models.CharField(default=collector.models.people.random_pseudonym, max_length=8, unique=True)),
                ('joined_at', models.DateTimeField(auto_now_add=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='collector.campaign')),
            ],
        ),
        migrations.CreateModel(
            name='ConsentEvent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('given', 'Given'), ('renewed', 'Renewed'), ('withdrawn', 'Withdrawn')], max_length=9)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='collector.consenttext')),
                ('participation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consent_events', to='collector.participation')),
            ],
        ),
        migrations.CreateModel(
            name='Prompt',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('keyword', 'Keyword'), ('sentence', 'Sentence'), ('noise', 'Background noise only')], max_length=8)),
                ('text', models.CharField(help_text='NFC, single spaces, never empty.', max_length=300)),
                ('seconds', models.FloatField(blank=True, help_text='Length of a noise recording.', null=True)),
                ('is_open', models.BooleanField(default=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prompts', to='collector.campaign')),
            ],
        ),
        migrations.CreateModel(
            name='Clip',
            fields=[
                ('claimed_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('nudge_at', models.DateTimeField(default=collector.models.work.next_nudge, editable=False, null=True)),
                ('nudges', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('status', models.CharField(choices=[('received', 'Received'), ('transcoded', 'Ready to be heard'), ('unusable', 'Unusable'), ('withdrawn', 'Taken back'), ('erased', 'Erased')], default='received', max_length=10)),
                ('problem', models.CharField(blank=True, choices=[('empty', 'There is no sound in this recording. Please record it again.'), ('not_audio', 'This is not a sound file that we can read. Please send WAV, FLAC, Ogg, WebM, MP4 or MP3.'), ('damaged', 'Part of this recording is missing or damaged. Please send or record it again.'), ('too_short', 'This recording is too short to hold a word. Please record the whole prompt again.'), ('too_long', 'This recording is too long. Please record one prompt at a time.'), ('too_large', 'This file is too large. Please record one prompt at a time, or send it as FLAC.'), ('too_many_channels', 'This recording has more than two channels. Please record in mono or stereo.'), ('rate_too_low', 'The sound quality is too low. Please record at 16 kHz or more.'), ('has_video', 'This file holds a video. Please send the sound alone: we want no pictures of you.'), ('silent', 'This recording is silent. Please check that the microphone is on, and record again.'), ('decoder_failed', 'We gave up on reading this recording. Please record it again in another format.')], max_length=24)),
                ('original_sha256', models.CharField(max_length=64)),
                ('original_num_bytes', models.PositiveIntegerField()),
                ('capture', models.JSONField(default=dict, help_text='What the device said of itself: path, rate, processing.')),
                ('master_sha256', models.CharField(blank=True, max_length=64)),
                ('master_num_bytes', models.PositiveIntegerField(blank=True, null=True)),
                ('num_samples', models.PositiveIntegerField(blank=True, help_text='Of the master, at 16 kHz: the truth about its length.', null=True)),
                ('loudest_second_offset', models.PositiveIntegerField(blank=True, help_text='First sample of the loudest second of the master.', null=True)),
                ('measurements', models.JSONField(default=dict, help_text='Of the original, as decoded.')),
                ('received_at', models.DateTimeField(auto_now_add=True)),
                ('transcoded_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('consent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clips', to='collector.consentevent')),
                ('participation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clips', to='collector.participation')),
                ('prompt', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clips', to='collector.prompt')),
            ],
        ),
        migrations.CreateModel(
            name='Speaker',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recovery_hash', models.CharField(help_text='SHA-256 of the recovery phrase, never the phrase.', max_length=64, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='speakers', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='participation',
            name='speaker',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participations', to='collector.speaker'),
        ),
        migrations.AddConstraint(
            model_name='consenttext',
            constraint=models.UniqueConstraint(fields=('campaign', 'version', 'language'), name='consent_text_version_unique'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('user', 'campaign', 'role'), name='membership_unique'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['reviewer', 'curator', 'researcher'])), name='membership_role_known'),
        ),
        migrations.AddIndex(
            model_name='consentevent',
            index=models.Index(fields=['participation', '-at'], name='consent_latest'),
        ),
        migrations.AddConstraint(
            model_name='consentevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['given', 'renewed', 'withdrawn'])), name='consent_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='prompt',
            constraint=models.UniqueConstraint(fields=('campaign', 'kind', 'text'), name='prompt_unique'),
        ),
        migrations.AddConstraint(
            model_name='prompt',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['keyword', 'sentence', 'noise'])), name='prompt_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='prompt',
            constraint=models.CheckConstraint(condition=models.Q(('text__regex', '^\\s*$'), _negated=True), name='prompt_text_not_blank'),
        ),
        migrations.AddConstraint(
            model_name='prompt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'noise'), _negated=True), ('seconds__gt', 0), _connector='OR'), name='prompt_noise_has_seconds'),
        ),
        migrations.AddIndex(
            model_name='clip',
            index=models.Index(fields=['participation', '-received_at'], name='clip_of_speaker'),
        ),
        migrations.AddIndex(
            model_name='clip',
            index=models.Index(condition=models.Q(('nudge_at__isnull', False)), fields=['status', 'nudge_at'], name='clip_waiting'),
        ),
        migrations.AddConstraint(
            model_name='clip',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['received', 'transcoded', 'unusable', 'withdrawn', 'erased'])), name='clip_status_known'),
        ),
        migrations.AddConstraint(
            model_name='clip',
            constraint=models.CheckConstraint(condition=models.Q(('original_sha256__regex', '^[0-9a-f]{64}$')), name='clip_original_sha256_hex'),
        ),
        migrations.AddConstraint(
            model_name='clip',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'transcoded'), _negated=True), models.Q(('num_samples__gt', 0), ('master_sha256__regex', '^[0-9a-f]{64}$')), _connector='OR'), name='clip_transcoded_has_master'),
        ),
        migrations.AddConstraint(
            model_name='clip',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'unusable'), _negated=True), models.Q(('problem', ''), _negated=True), _connector='OR'), name='clip_unusable_has_problem'),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.UniqueConstraint(fields=('speaker', 'campaign'), name='participation_unique'),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.CheckConstraint(condition=models.Q(('pseudonym__regex', '^[0-9a-f]{8}$')), name='participation_pseudonym_hex'),
        ),
    ]
