"""What encryption costs a download: a release's shard over HTTP, encrypted and plain, in one run.

    python -m bench.vault [CLIPS]

Two web servers of the same site, as in a deployment, differ in one thing: one reads masters that
lie encrypted, with their keys out of the database, the other the same masters as they are. The
same shard is fetched from each in turn, many times; of the ratios of neighbours the median is
printed, so that what else the machine does meanwhile is in both; and the ratio of the seconds of
CPU that the two servers took for it all, which depends less on what else the machine does.

It is fetched by a line of 1 Gbit/s, faster than nearly all that a site has, and as fast as the
machine can pass bytes to itself, where the processor is all there is to wait for. Then single
clips, as whoever listens asks for them. Also: what a file costs to open, and how many keys a
rotation wraps anew in a second.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
import uuid
from typing import TYPE_CHECKING

from bench.exports import cut
from bench.pipeline import site
from bench.programs import Server, header_of, web

if TYPE_CHECKING:
    from corpus.models import Release

NUM_CLIPS = 800
ROUNDS = {"1 Gbit/s": 15, "no line between": 60}
LINES_BYTES_S = {"1 Gbit/s": 1e9 / 8, "no line between": float("inf")}
NUM_HEARD = 300
NUM_KEYS = 100_000
MOST = 1.10
SHARD = "training-00000"


def fill(num_clips: int) -> Release:
    """A release whose audio lies in the storage twice: encrypted, and plain in another folder."""
    from django.conf import settings

    from collector.models import Clip
    from collector.storage import FolderStore, audio_store, master_key, original_key

    release = cut(num_clips)
    plain = FolderStore(settings.VAR_DIR / "plain")
    for entry in release.entries.filter(split="training", shard=0):
        data = os.urandom(entry.master_num_bytes)
        Clip.objects.filter(pk=entry.clip_id).update(original_num_bytes=len(data))
        for name in (
            master_key(entry.clip_id, entry.master_sha256),
            original_key(entry.clip_id, "0" * 64),
        ):
            audio_store().put(name, data)
            plain.put(name, data)
    return release


def _get(
    server: Server, path: str, headers: dict[str, str], line_bytes_s: float = float("inf")
) -> tuple[float, int]:
    """Seconds and bytes of one answer, taken no faster than the line would bring it."""
    buffer, num_bytes = bytearray(1 << 20), 0
    began = time.perf_counter()
    with server.ask("GET", path, headers) as response:
        while read := response.readinto(buffer):
            num_bytes += read
            time.sleep(max(0.0, began + num_bytes / line_bytes_s - time.perf_counter()))
        return time.perf_counter() - began, num_bytes


def session_of(email: str) -> dict[str, str]:
    """The header by which a browser of this account is known."""
    from django.test import Client

    from collector.models import User

    client = Client()
    client.force_login(User.objects.get(email=email), "django.contrib.auth.backends.ModelBackend")
    return header_of(client)


def fetching(release: Release) -> dict[str, float]:
    """Fetch from both servers; for each line, and for listening, encrypted over plain."""
    path = f"/api/v1/releases/{release.pk}/exports/nemo/parts/{SHARD}"
    headers = session_of("curator@example.org")
    with web() as encrypted, web("bench.plain_wsgi") as plain:
        servers = {"encrypted": encrypted, "plain": plain}
        sizes = {_get(each, path, headers)[1] for each in servers.values()}  # warms up both
        assert len(sizes) == 1, "both servers hand out the same"
        megabytes = sizes.pop() / 1e6
        ratios = {line: _in_turns(servers, path, headers, line, megabytes) for line in ROUNDS}
        return ratios | {"listening": listening(release, servers, headers)}


def listening(release: Release, servers: dict[str, Server], headers: dict[str, str]) -> float:
    """One clip after the other, as a listener's player asks; the median of the ratios."""
    entries = release.entries.filter(split="training", shard=0).order_by("clip_id")
    ratios, times = [], dict.fromkeys(servers, 0.0)
    for number, entry in enumerate(entries[:NUM_HEARD]):
        path, took = f"/api/v1/clips/{entry.clip_id}/audio", {}
        for name in sorted(servers, reverse=bool(number % 2)):
            took[name], num_bytes = _get(servers[name], path, headers)
            assert num_bytes == entry.master_num_bytes
            times[name] += 1000 * took[name] / min(NUM_HEARD, len(entries))
        ratios.append(took["encrypted"] / took["plain"])
    ratio = statistics.median(ratios)
    told = ", ".join(f"{name} {ms:.1f} ms" for name, ms in times.items())
    print(f"listening, a clip at a time: {ratio:.3f} ({told} on average)", flush=True)
    return ratio


def _in_turns(
    servers: dict[str, Server], path: str, headers: dict[str, str], line: str, megabytes: float
) -> float:
    times: dict[str, list[float]] = {name: [] for name in servers}
    before = {name: each.cpu_s for name, each in servers.items()}
    for number in range(ROUNDS[line]):
        for name in sorted(servers, reverse=bool(number % 2)):
            seconds, _ = _get(servers[name], path, headers, LINES_BYTES_S[line])
            times[name].append(seconds)
    cpu_s = {name: each.cpu_s - before[name] for name, each in servers.items()}
    pairs = zip(times["encrypted"], times["plain"], strict=True)
    ratio = statistics.median(encrypted / plain for encrypted, plain in pairs)
    print(f"{line}: encrypted takes {ratio:.3f} of the time of plain", flush=True)
    for name, seconds_each in times.items():
        speed = megabytes / statistics.median(seconds_each)
        cpu_ms = 1000 * cpu_s[name] / ROUNDS[line]
        print(f"  {name:9}  {speed:6.0f} MB/s, {cpu_ms:4.0f} ms of CPU a download", flush=True)
    print(f"  CPU: {cpu_s['encrypted'] / cpu_s['plain']:.2f} of plain", flush=True)
    return ratio


def opening(release: Release) -> None:
    """The cost of opening alone, without web and disk, beside reading the files from the cache."""
    from collector.storage import audio_store, master_key
    from collector.vault.envelope import unseal
    from collector.vault.keys import keys_to_read

    entries = list(release.entries.filter(split="training", shard=0)[:500])
    began = time.perf_counter()
    keys = keys_to_read([str(entry.clip_id) for entry in entries])
    fetched_s = time.perf_counter() - began
    names = {entry.clip_id: master_key(entry.clip_id, entry.master_sha256) for entry in entries}
    sealed = {clip_id: audio_store().inner.get(name) for clip_id, name in names.items()}
    began = time.perf_counter()
    for clip_id, name in names.items():
        key = keys[str(clip_id)]
        assert key is not None and key.value is not None
        unseal(key.value, name, sealed[clip_id])
    opened_s = time.perf_counter() - began
    megabytes = sum(map(len, sealed.values())) / 1e6
    print(f"a key: {1e6 * fetched_s / len(keys):.0f} µs, {len(keys)} fetched together")
    print(f"a file: {1e6 * opened_s / len(names):.0f} µs, {megabytes / opened_s:.0f} MB/s of audio")


def rotation() -> None:
    """How fast clips' keys are wrapped anew."""
    from collector.models import ClipKey, SiteKey
    from collector.services import replace_site_key, rewrap_some
    from collector.vault.site_keys import site_keys
    from collector.vault.wrapping import new_key, wrap

    site_key = SiteKey.objects.get()
    cipher = site_keys().cipher(site_key.pk)
    clip_ids = (uuid.uuid4() for _ in range(NUM_KEYS))
    ClipKey.objects.bulk_create(
        (
            ClipKey(clip_id=each, site_key=site_key, wrapped=wrap(cipher, each, new_key()))
            for each in clip_ids
        ),
        batch_size=5_000,
    )
    replace_site_key()
    times = []
    began = time.perf_counter()
    while rewrap_some():
        times.append(time.perf_counter() - began)
        began = time.perf_counter()
    print(f"rotation: {1000 * len(times) / sum(times):.0f} keys/s;", end=" ")
    tenth = len(times) // 10
    print(
        f"the last tenth takes {sum(times[-tenth:]) / sum(times[:tenth]):.2f} of the first's time"
    )


def main() -> int:
    """All of it; 1 when somebody waits longer by more than they may."""
    num_clips = int(sys.argv[1]) if len(sys.argv) > 1 else NUM_CLIPS
    with site():
        release = fill(num_clips)
        ratios = fetching(release)
        bound = {name: ratios[name] for name in ("1 Gbit/s", "listening")}
        told = ", ".join(f"{name} {ratio:.3f}" for name, ratio in bound.items())
        print(f"of the time of plain: {told}; each may take {MOST:.2f}")
        opening(release)
        rotation()
    return int(max(bound.values()) > MOST)


if __name__ == "__main__":
    sys.exit(main())
