"""Addresses: pages, the API, accounts, and what the platform needs."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from sesame.views import LoginView as OneTimeLoginView

from collector import views as collector_pages
from collector.api import campaigns as campaigns_api
from collector.api import consents as consents_api
from collector.api import devices as devices_api
from collector.api import prompts as prompts_api
from collector.api import speakers as speakers_api
from config import openapi, pages, pwa  # noqa: F401 - openapi registers itself
from corpus import release_page
from corpus import views as corpus_pages
from corpus import withdrawal_views as withdrawal_pages
from corpus.api import about as about_api
from corpus.api import access as access_api
from corpus.api import campaigns as corpus_campaigns_api
from corpus.api import clip_media as media_api
from corpus.api import clips as clips_api
from corpus.api import consents as corpus_consents_api
from corpus.api import exports as exports_api
from corpus.api import figures as figures_api
from corpus.api import my_clips as my_clips_api
from corpus.api import releases as releases_api
from corpus.api import revocations as revocations_api
from corpus.api import samples as samples_api
from corpus.api import takeout as takeout_api
from corpus.api import withdrawals as withdrawals_api
from corpus.curating import campaign as set_up_page
from corpus.curating import cutting as cutting_page
from corpus.curating import people as people_page
from corpus.curating import prompts as prompts_page
from corpus.curating import texts as texts_page
from validation import views as validation_pages
from validation.api import curating as curating_api
from validation.api import reviewing as reviewing_api

# The administration has no door of its own: the site's is the one that counts attempts.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

api_v1 = [
    path("campaigns/<slug:slug>", corpus_campaigns_api.CampaignView.as_view(), name="campaign"),
    path("campaigns/<slug:slug>/consent", campaigns_api.ConsentView.as_view(), name="consent"),
    path("campaigns/<slug:slug>/close", campaigns_api.CloseView.as_view(), name="close"),
    path(
        "campaigns/<slug:slug>/reopen", campaigns_api.ReopenView.as_view(), name="reopen-campaign"
    ),
    path("campaigns/<slug:slug>/prompts", prompts_api.PromptsView.as_view(), name="prompts"),
    path(
        "campaigns/<slug:slug>/review/next",
        reviewing_api.NextCaseView.as_view(),
        name="review-next",
    ),
    path("campaigns/<slug:slug>/releases", releases_api.ReleasesView.as_view(), name="releases"),
    path(
        "campaigns/<slug:slug>/releases/preview",
        releases_api.PreviewView.as_view(),
        name="release-preview",
    ),
    path("me/consents", consents_api.ConsentsView.as_view(), name="consents"),
    path(
        "me/consents/<int:participation_id>/opt-in",
        consents_api.OptInView.as_view(),
        name="opt-in",
    ),
    path(
        "me/consents/<int:participation_id>/opt-out",
        corpus_consents_api.OptOutView.as_view(),
        name="opt-out",
    ),
    path(
        "me/consents/<uuid:consent_id>/receipt",
        consents_api.ReceiptView.as_view(),
        name="consent-receipt",
    ),
    path("prompts/<uuid:prompt_id>/skip", prompts_api.SkipView.as_view(), name="skip"),
    path("prompts/<uuid:prompt_id>/report", prompts_api.ReportView.as_view(), name="report"),
    path("speakers/me", speakers_api.MeView.as_view(), name="me"),
    path("speakers/me/about", about_api.AboutView.as_view(), name="about"),
    path("speakers", speakers_api.SpeakersView.as_view(), name="speakers"),
    path("speakers/adopt", speakers_api.AdoptView.as_view(), name="adopt"),
    path(
        "speakers/<uuid:speaker_id>",
        speakers_api.AccountSpeakerView.as_view(),
        name="speaker",
    ),
    path("speakers/<uuid:speaker_id>/select", speakers_api.SelectView.as_view(), name="select"),
    path("speakers/<uuid:speaker_id>/phrase", speakers_api.PhraseView.as_view(), name="phrase"),
    path("speakers/recover", speakers_api.RecoverView.as_view(), name="recover"),
    path("clips", my_clips_api.ClipsView.as_view(), name="clips"),
    path("clips/summary", my_clips_api.SummaryView.as_view(), name="clips-summary"),
    path("clips/pause", withdrawals_api.PauseView.as_view(), name="pause"),
    path("clips/resume", withdrawals_api.ResumeView.as_view(), name="resume"),
    path("withdrawals/foreseen", withdrawals_api.ForeseeView.as_view(), name="foresee-withdrawal"),
    path(
        "withdrawals/<uuid:request_id>",
        withdrawals_api.WithdrawalView.as_view(),
        name="withdrawal",
    ),
    path("clips/<uuid:clip_id>", clips_api.ClipView.as_view(), name="clip"),
    path("clips/<uuid:clip_id>/audio", clips_api.ClipAudioView.as_view(), name="clip-audio"),
    path("clips/<uuid:clip_id>/preview", media_api.ClipPreviewView.as_view(), name="clip-preview"),
    path("clips/<uuid:clip_id>/peaks", media_api.ClipPeaksView.as_view(), name="clip-peaks"),
    path(
        "clips/<uuid:clip_id>/spectrogram",
        media_api.ClipSpectrogramView.as_view(),
        name="clip-spectrogram",
    ),
    path("clips/<uuid:clip_id>/withdraw", clips_api.WithdrawView.as_view(), name="withdraw"),
    path("donations", devices_api.DonationsView.as_view(), name="donations"),
    path("donations/<uuid:clip_id>", devices_api.DonationView.as_view(), name="donation"),
    path("takeout", takeout_api.TakeoutView.as_view(), name="takeout"),
    path("campaigns/<slug:slug>/review/policy", curating_api.PolicyView.as_view(), name="policy"),
    path(
        "campaigns/<slug:slug>/review/redecision",
        curating_api.RedecisionView.as_view(),
        name="redecision",
    ),
    path("campaigns/<slug:slug>/review/cases", curating_api.CasesView.as_view(), name="cases"),
    path(
        "campaigns/<slug:slug>/review/agreement",
        curating_api.AgreementView.as_view(),
        name="agreement",
    ),
    path(
        "campaigns/<slug:slug>/review/votes.<slug:form>",
        curating_api.BallotsView.as_view(),
        name="ballots",
    ),
    path(
        "campaigns/<slug:slug>/reviewers/<int:reviewer_id>/quarantine",
        curating_api.ReviewerQuarantineView.as_view(),
        name="reviewer-quarantine",
    ),
    path(
        "campaigns/<slug:slug>/voices/<slug:pseudonym>/quarantine",
        curating_api.SpeakerQuarantineView.as_view(),
        name="speaker-quarantine",
    ),
    path("reviews/<uuid:case_id>/votes", reviewing_api.VotesView.as_view(), name="votes"),
    path("reviews/<uuid:case_id>/skip", reviewing_api.SkipCaseView.as_view(), name="skip-case"),
    path(
        "reviews/<uuid:case_id>/report", reviewing_api.ReportCaseView.as_view(), name="report-clip"
    ),
    path("reviews/<uuid:case_id>/decision", curating_api.DecisionView.as_view(), name="decision"),
    path("reviews/<uuid:case_id>/reopen", curating_api.ReopenView.as_view(), name="reopen"),
    path("reviews/<uuid:case_id>/gold", curating_api.GoldView.as_view(), name="gold"),
    path("reviews/<uuid:case_id>/settle", curating_api.SettleView.as_view(), name="settle"),
    path("campaigns/<slug:slug>/terms", access_api.TermsView.as_view(), name="terms"),
    path("campaigns/<slug:slug>/terms/sign", access_api.SignView.as_view(), name="terms-sign"),
    path("tokens", access_api.TokensView.as_view(), name="tokens"),
    path("tokens/<uuid:token_id>", access_api.TokenView.as_view(), name="token"),
    path("revocations.json", revocations_api.RevocationsView.as_view(), name="revocations"),
    path(
        "revocations.json.sig",
        revocations_api.SignatureView.as_view(),
        name="revocations-signature",
    ),
    path("revocations/key", revocations_api.KeyView.as_view(), name="revocation-keys"),
    path("revocations/key.pem", revocations_api.KeyPemView.as_view(), name="revocation-key-pem"),
    path(
        "releases/<uuid:release_id>/attestations",
        revocations_api.AttestationsView.as_view(),
        name="attestations",
    ),
    path("releases/<uuid:release_id>/delta", releases_api.DeltaView.as_view(), name="delta"),
    path("releases/<uuid:release_id>/figures", figures_api.FiguresView.as_view(), name="figures"),
    path(
        "releases/<uuid:release_id>/samples/<uuid:clip_id>",
        samples_api.SampleView.as_view(),
        name="sample",
    ),
    path("releases/<uuid:release_id>", releases_api.ReleaseView.as_view(), name="release"),
    path(
        "releases/<uuid:release_id>/exports/<slug:format_name>",
        exports_api.ExportView.as_view(),
        name="export",
    ),
    path(
        "releases/<uuid:release_id>/exports/<slug:format_name>/parts",
        exports_api.PartsView.as_view(),
        name="export-parts",
    ),
    path(
        "releases/<uuid:release_id>/exports/<slug:format_name>/parts/<slug:part>",
        exports_api.ExportPartView.as_view(),
        name="export-part",
    ),
]

urlpatterns = [
    path("", corpus_pages.home, name="home"),
    path("c/<slug:slug>/", corpus_pages.campaign, name="campaign"),
    path("c/<slug:slug>/record/", collector_pages.record, name="record"),
    path("c/<slug:slug>/review/", validation_pages.review, name="review"),
    path("c/<slug:slug>/machine/", validation_pages.machine, name="machine"),
    path("c/<slug:slug>/cases/", validation_pages.cases, name="cases"),
    path("c/<slug:slug>/reviewers/", validation_pages.reviewers, name="reviewers"),
    path("c/<slug:slug>/policy/", validation_pages.policy, name="policy"),
    path("c/<slug:slug>/policy/redecide/", validation_pages.redecide, name="redecide"),
    path("cases/<uuid:case_id>/", validation_pages.case, name="case"),
    path("campaigns/new/", set_up_page.new_campaign, name="new-campaign"),
    path("c/<slug:slug>/set-up/", set_up_page.set_up, name="set-up"),
    path("c/<slug:slug>/prompts/", prompts_page.prompts, name="prompts"),
    path("c/<slug:slug>/texts/", texts_page.texts, name="texts"),
    path("c/<slug:slug>/people/", people_page.people, name="people"),
    path("c/<slug:slug>/releases/", corpus_pages.releases, name="releases"),
    path("c/<slug:slug>/releases/new/", cutting_page.cut, name="cut-release"),
    path("releases/<uuid:release_id>/", release_page.release, name="release"),
    path("me/", collector_pages.me, name="me"),
    path("me/about/", collector_pages.about, name="about-you"),
    path("me/consent/", corpus_pages.my_consent, name="my-consent"),
    path("me/consent/<uuid:consent_id>/", collector_pages.receipt, name="receipt"),
    path("me/clips/", corpus_pages.my_clips, name="my-clips"),
    path("me/withdraw/", withdrawal_pages.take_back, name="take-back"),
    path("withdrawals/<uuid:request_id>/", withdrawal_pages.receipt, name="withdrawal"),
    path("c/<slug:slug>/letters/", withdrawal_pages.letters, name="letters"),
    path("me/devices/", corpus_pages.devices, name="my-devices"),
    path("me/takeout/", corpus_pages.takeout, name="my-takeout"),
    path("me/languages/", validation_pages.languages, name="my-languages"),
    path("me/tokens/", corpus_pages.tokens, name="my-tokens"),
    path("me/recover/", collector_pages.recover, name="recover"),
    path("transparency/", corpus_pages.transparency, name="transparency"),
    path("choir_sync.py", corpus_pages.choir_sync, name="choir-sync"),
    path("problems/", pages.problems, name="problems"),
    path("offline/", pwa.offline, name="offline"),
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("sw.js", pwa.service_worker, name="service-worker"),
    path("accounts/once/", OneTimeLoginView.as_view(), name="one-time-login"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("jsi18n/", JavaScriptCatalog.as_view(), name="javascript-catalog"),
    path("healthz", pages.health, name="health"),
    path("api/v1/", include((api_v1, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
]

handler400 = "config.exceptions.bad_request"
handler403 = "config.exceptions.permission_denied"
handler404 = "config.exceptions.page_not_found"
handler429 = "config.exceptions.too_many_requests"  # allauth's name for it, not Django's
handler500 = "config.exceptions.server_error"
