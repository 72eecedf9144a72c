import { openStore } from "./store";
import { Uploader } from "./uploader";

let shared: Promise<Uploader> | null = null;

async function open(): Promise<Uploader> {
  const uploader = await Uploader.open(await openStore());
  uploader.start();
  return uploader;
}

/** The page's one uploader, already sending what earlier pages left behind. */
export function sharedUploader(): Promise<Uploader> {
  shared ??= open();
  return shared;
}
