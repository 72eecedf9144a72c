/** What the service worker does with a request; pure, so that it can be read and tested. */

export const OFFLINE_PAGE = "/offline/";
/** The texts of the interface, which every page loads. */
export const CATALOGUE = "/jsi18n/";

/**
 * `page`: from the network, else what is kept for it, else the offline page. `asset`: what was
 * built with this version, else the network. `texts`: from the network, else as last seen.
 * `leave`: the browser's own business, as if there were no service worker.
 */
export type Strategy = "page" | "asset" | "texts" | "leave";

/** Answers of the API and sounds are nobody's but their owner's: they are never kept. */
const LEFT_ALONE = /^\/(api|admin|accounts)\//;
const RECORD_PAGE = /^\/c\/[-\w]+\/record\/$/;

interface Asked {
  method: string;
  mode: string;
  url: string;
}

export function strategyFor({ method, mode, url }: Asked, origin: string): Strategy {
  const address = new URL(url);
  if (method !== "GET" || address.origin !== origin) return "leave";
  if (LEFT_ALONE.test(address.pathname)) return "leave";
  if (mode === "navigate") return "page";
  if (address.pathname.startsWith("/static/")) return "asset";
  return address.pathname === CATALOGUE ? "texts" : "leave";
}

/** The pages out of `paths` that may be kept: the offline page, and those where takes are made. */
export function keepable(paths: readonly string[]): string[] {
  return [OFFLINE_PAGE, ...paths.filter((path) => RECORD_PAGE.test(path))];
}
