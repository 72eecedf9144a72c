
import django.db.models.deletion
import django.db.models.expressions
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('collector', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('revision', models.PositiveIntegerField(default=0)),
                ('status', models.CharField(choices=[('published', 'Published'), ('retired', 'Retired')], default='published', max_length=9)),
                ('validation_percent', models.FloatField()),
                ('testing_percent', models.FloatField()),
                ('licence', models.CharField(max_length=60)),
                ('frozen_at', models.DateTimeField(auto_now_add=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='collector.campaign')),
                ('cut_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Download',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('format', models.CharField(max_length=32)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='downloads', to='corpus.release')),
            ],
        ),
        migrations.CreateModel(
            name='ReleaseEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('split', models.CharField(choices=[('training', 'Training'), ('validation', 'Validation'), ('testing', 'Testing')], max_length=10)),
                ('pseudonym', models.CharField(blank=True, max_length=8)),
                ('text', models.CharField(blank=True, max_length=300)),
                ('kind', models.CharField(choices=[('keyword', 'Keyword'), ('sentence', 'Sentence'), ('noise', 'Background noise only')], max_length=8)),
                ('take', models.PositiveIntegerField(help_text='Which take of this text by this speaker, from 0; a withdrawal renumbers none.')),
                ('num_samples', models.PositiveIntegerField()),
                ('master_sha256', models.CharField(max_length=64)),
                ('master_num_bytes', models.PositiveIntegerField()),
                ('loudest_second_offset', models.PositiveIntegerField()),
                ('is_withdrawn', models.BooleanField(default=False)),
                ('clip', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='release_entries', to='collector.clip')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='corpus.release')),
            ],
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('requested_at', models.DateTimeField(auto_now_add=True)),
                ('clip', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='collector.clip')),
            ],
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.UniqueConstraint(fields=('campaign', 'version'), name='release_version_unique'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['published', 'retired'])), name='release_status_known'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('testing_percent__gte', 0), ('validation_percent__gte', 0), ('validation_percent__lte', django.db.models.expressions.CombinedExpression(models.Value(100.0), '-', models.F('testing_percent')))), name='release_percents_fit'),
        ),
        migrations.AddIndex(
            model_name='releaseentry',
            index=models.Index(fields=['clip'], name='entry_of_clip'),
        ),
        migrations.AddConstraint(
            model_name='releaseentry',
            constraint=models.UniqueConstraint(fields=('release', 'clip'), name='entry_clip_unique'),
        ),
        migrations.AddConstraint(
            model_name='releaseentry',
            constraint=models.UniqueConstraint(condition=models.Q(('is_withdrawn', False)), fields=('release', 'pseudonym', 'kind', 'text', 'take'), name='entry_take_unique'),
        ),
        migrations.AddConstraint(
            model_name='releaseentry',
            constraint=models.CheckConstraint(condition=models.Q(('split__in', ['training', 'validation', 'testing'])), name='entry_split_known'),
        ),
    ]
