/**
 * Served at /sw.js. Lets takes be made without a signal: keeps what this version was built of,
 * the page of each recorder that was open on this device, and one page that says what works
 * offline. Takes themselves are none of its business (see upload/).
 */
import { CATALOGUE, OFFLINE_PAGE, keepable, strategyFor } from "./rules";

declare const self: ServiceWorkerGlobalScope;

/** Both written in by the build, see precache.ts. */
declare const __ASSETS__: readonly string[];
declare const __VERSION__: string;

const BUILT = `choir-built-${__VERSION__}`;
const PAGES = "choir-pages";
/** A signal that is there but carries nothing is worse than none: then what is kept must do. */
const PATIENCE_MS = 4_000;

type Message =
  | { type: "keep-pages"; paths: string[]; language: string }
  | { type: "use-new-version" };

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(BUILT).then((cache) => cache.addAll(__ASSETS__)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

self.addEventListener("message", (event) => {
  const message = event.data as Message;
  if (message.type === "use-new-version") event.waitUntil(self.skipWaiting());
  else event.waitUntil(keepPages(keepable(message.paths), message.language));
});

self.addEventListener("fetch", (event) => {
  const strategy = strategyFor(event.request, self.location.origin);
  if (strategy === "page") event.respondWith(page(event));
  if (strategy === "asset") event.respondWith(asset(event.request));
  if (strategy === "texts") event.respondWith(texts(event.request));
});

async function takeOver(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name !== BUILT && name !== PAGES);
  await Promise.all(others.map((name) => caches.delete(name)));
  await self.registration.navigationPreload.enable();
  await self.clients.claim();
  await renewPages();
}

/** Kept pages name the assets of the version that they were fetched from, which are gone now. */
async function renewPages(): Promise<void> {
  const cache = await caches.open(PAGES);
  for (const { url } of await cache.keys()) {
    const kept = await cache.match(url);
    await cache.delete(url);
    if (new URL(url).pathname === CATALOGUE) continue;
    await keepPage(cache, url, kept?.headers.get("Content-Language") ?? "");
  }
}

async function keepPages(paths: readonly string[], language: string): Promise<void> {
  const cache = await caches.open(PAGES);
  const wanted = new Set([...paths, ...(await keptInAnother(cache, language))]);
  await Promise.all([
    ...[...wanted].map((path) => keepPage(cache, path, language)),
    texts(new Request(CATALOGUE)),
  ]);
}

/** What was kept before another language was chosen, and would no longer suit its scripts' texts. */
async function keptInAnother(cache: Cache, language: string): Promise<string[]> {
  const paths = (await cache.keys()).map(({ url }) => new URL(url).pathname);
  const pages = await Promise.all(
    keepable(paths).map(async (path) => ({ path, kept: await cache.match(path, { ignoreVary: true }) })),
  );
  return pages.filter(({ kept }) => kept?.headers.get("Content-Language") !== language).map(({ path }) => path);
}

/** Keeps the page as it is for anybody: without cookies it holds no name and no token. */
async function keepPage(cache: Cache, address: string, language: string): Promise<void> {
  const headers: HeadersInit = language ? { "Accept-Language": language } : {};
  try {
    const answer = await fetch(address, { credentials: "omit", headers });
    if (answer.ok && !answer.redirected) await cache.put(address, answer);
  } catch (error) {
    console.info(`Not kept for offline use: ${address}`, error);
  }
}

async function page(event: FetchEvent): Promise<Response> {
  const cache = await caches.open(PAGES);
  const kept = await cache.match(event.request, { ignoreSearch: true, ignoreVary: true });
  const network = fromNetwork(event);
  try {
    return kept ? await Promise.race([network, unlessInTime(network, kept)]) : await network;
  } catch (error) {
    const offline = kept ?? (await cache.match(OFFLINE_PAGE, { ignoreVary: true }));
    if (offline) return offline;
    throw error;
  }
}

async function fromNetwork(event: FetchEvent): Promise<Response> {
  const preloaded = (await event.preloadResponse) as Response | undefined;
  return preloaded ?? fetch(event.request);
}

async function unlessInTime(network: Promise<Response>, kept: Response): Promise<Response> {
  // Whoever loses the race must not end as an error that nobody handles.
  network.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  return kept;
}

/** Out of any version's cache: a page just fetched may be newer than the worker that serves it. */
async function asset(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function texts(request: Request): Promise<Response> {
  const cache = await caches.open(PAGES);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(CATALOGUE, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(CATALOGUE, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}
