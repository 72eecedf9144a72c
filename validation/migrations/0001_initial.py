
import collector.models.work
import django.db.models.deletion
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
            name='ReviewCase',
            fields=[
                ('claimed_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('nudge_at', models.DateTimeField(default=collector.models.work.next_nudge, editable=False, null=True)),
                ('nudges', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('status', models.CharField(choices=[('scoring', 'Being heard by the machine'), ('open', 'Waiting for people'), ('accepted', 'Accepted'), ('rejected', 'Rejected'), ('closed', 'Taken back')], default='scoring', max_length=8)),
                ('priority', models.FloatField(default=0.0, help_text='Higher is heard earlier.')),
                ('leased_until', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('clip', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='review_case', to='collector.clip')),
                ('leased_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('accept', 'Accept'), ('reject', 'Reject'), ('unsure', 'Unsure')], max_length=6)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('reviewer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reviews', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='validation.reviewcase')),
            ],
        ),
        migrations.CreateModel(
            name='PreScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('match', models.FloatField(help_text='Probability that the audio says the prompt; none without a prompt.', null=True)),
                ('heard', models.TextField(blank=True)),
                ('log_likelihood', models.FloatField(help_text='Of the prompt given the audio: mean per token, natural logarithm.', null=True)),
                ('features', models.JSONField(default=dict)),
                ('model', models.CharField(max_length=80)),
                ('model_sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('clip', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pre_scores', to='collector.clip')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('clip', 'model_sha256'), name='pre_score_unique'), models.CheckConstraint(condition=models.Q(('match__isnull', True), models.Q(('match__gte', 0.0), ('match__lte', 1.0)), _connector='OR'), name='pre_score_match_is_probability')],
            },
        ),
        migrations.AddIndex(
            model_name='reviewcase',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['-priority', 'created_at'], name='case_queue'),
        ),
        migrations.AddIndex(
            model_name='reviewcase',
            index=models.Index(condition=models.Q(('nudge_at__isnull', False)), fields=['status', 'nudge_at'], name='case_waiting'),
        ),
        migrations.AddConstraint(
            model_name='reviewcase',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['scoring', 'open', 'accepted', 'rejected', 'closed'])), name='case_status_known'),
        ),
        migrations.AddConstraint(
            model_name='reviewcase',
            constraint=models.CheckConstraint(condition=models.Q(('leased_by__isnull', True), ('leased_until__isnull', False), _connector='OR'), name='case_lease_ends'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.UniqueConstraint(fields=('case', 'reviewer'), name='review_once_each'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['accept', 'reject', 'unsure'])), name='review_verdict_known'),
        ),
    ]
