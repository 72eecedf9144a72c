import { openStore } from "./store";
import { Uploader } from "./uploader";

let shared: Promise<Uploader> | null = null;

async function open(): Promise<Uploader> {
  const uploader = await Uploader.open(await openStore());
  listenToOtherTabs(uploader);
  uploader.start();
  return uploader;
}

/** A take that a closed tab left behind goes out from whichever tab is still open. */
function listenToOtherTabs(uploader: Uploader): void {
  if (!("BroadcastChannel" in globalThis)) return;
  const channel = new BroadcastChannel("choir.takes");
  channel.onmessage = () => void uploader.refresh();
  uploader.onkept = () => channel.postMessage(null);
}

/** The page's one uploader, already sending what earlier pages left behind. */
export function sharedUploader(): Promise<Uploader> {
  shared ??= open();
  return shared;
}
