import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Capture, Prompt } from "../api/types";
import { t } from "../lib/text";
import type { Progress } from "./queue";

/** An accepted take on its way: everything but its bytes, which stay on the disk until needed. */
export interface QueuedTake {
  id: string;
  campaign: string;
  /** Who made it; takes of older versions do not know. */
  speaker_id?: string;
  prompt: Prompt;
  num_bytes: number;
  content_type: string;
  content_digest: string;
  capture: Capture;
  /** In ms since 1970. */
  accepted_at: number;
  progress: Progress;
}

/** The device has no room for another take. `message` is a sentence for the person. */
export class DeviceFull extends Error {
  override readonly name = "DeviceFull";

  constructor(options?: ErrorOptions) {
    super(t("This device is full. Free some space, or wait until your takes are sent."), options);
  }
}

/** Where takes live until the server has acknowledged them. */
export interface TakeStore {
  /** All takes, the oldest first. */
  all(): Promise<QueuedTake[]>;
  /** The take's bytes, or null when the take is gone: sent, or discarded in another tab. */
  bytes(id: string): Promise<ArrayBuffer | null>;
  /** Rejects with `DeviceFull` when there is no room. */
  add(take: QueuedTake, bytes: ArrayBuffer): Promise<void>;
  /** Remembers what became of a take; one that is gone stays gone. */
  update(take: QueuedTake): Promise<void>;
  delete(id: string): Promise<void>;
}

interface Schema extends DBSchema {
  takes: { key: string; value: QueuedTake; indexes: { accepted_at: number } };
  bytes: { key: string; value: ArrayBuffer };
}

const BOTH = ["takes", "bytes"] as const;

/** Whether a write failed for want of room. */
export function isQuotaExceeded(error: unknown): boolean {
  return error instanceof Error && error.name === "QuotaExceededError";
}

/** On the device's disk: survives reloads, crashes and closed tabs. */
export class IndexedDbStore implements TakeStore {
  #database: Promise<IDBPDatabase<Schema>> | null = null;

  private constructor(private readonly name: string) {}

  /** Rejects where the browser keeps nothing. */
  static async open(name = "choir-takes"): Promise<IndexedDbStore> {
    const store = new IndexedDbStore(name);
    await store.#open();
    return store;
  }

  async all(): Promise<QueuedTake[]> {
    return (await this.#open()).getAllFromIndex("takes", "accepted_at");
  }

  async bytes(id: string): Promise<ArrayBuffer | null> {
    return (await (await this.#open()).get("bytes", id)) ?? null;
  }

  async add(take: QueuedTake, bytes: ArrayBuffer): Promise<void> {
    const database = await this.#open();
    try {
      // "strict" because the default says done before the disk has it: a flat battery would lose it.
      const transaction = database.transaction(BOTH, "readwrite", { durability: "strict" });
      const takes = transaction.objectStore("takes");
      const sounds = transaction.objectStore("bytes");
      await Promise.all([takes.put(take), sounds.put(bytes, take.id), transaction.done]);
    } catch (error) {
      throw isQuotaExceeded(error) ? new DeviceFull({ cause: error }) : error;
    }
  }

  async update(take: QueuedTake): Promise<void> {
    const transaction = (await this.#open()).transaction("takes", "readwrite");
    const kept = await transaction.store.getKey(take.id);
    if (kept !== undefined) await transaction.store.put(take);
    await transaction.done;
  }

  async delete(id: string): Promise<void> {
    const transaction = (await this.#open()).transaction(BOTH, "readwrite");
    const takes = transaction.objectStore("takes");
    const sounds = transaction.objectStore("bytes");
    await Promise.all([takes.delete(id), sounds.delete(id), transaction.done]);
  }

  /** The connection; a new one where the browser has closed the last, as phones do in the background. */
  #open(): Promise<IDBPDatabase<Schema>> {
    const forget = (): void => {
      this.#database = null;
    };
    this.#database ??= openDB<Schema>(this.name, 1, { upgrade, terminated: forget });
    this.#database.catch(forget);
    return this.#database;
  }
}

function upgrade(database: IDBPDatabase<Schema>): void {
  const takes = database.createObjectStore("takes", { keyPath: "id" });
  takes.createIndex("accepted_at", "accepted_at");
  // Apart, so that a page that opens after a day in flight mode does not read all of it.
  database.createObjectStore("bytes");
}

/** In memory, for browsers that keep nothing (some private windows): until the tab closes. */
export class MemoryStore implements TakeStore {
  readonly #takes = new Map<string, { take: QueuedTake; bytes: ArrayBuffer }>();

  all(): Promise<QueuedTake[]> {
    return Promise.resolve([...this.#takes.values()].map(({ take }) => take));
  }

  bytes(id: string): Promise<ArrayBuffer | null> {
    return Promise.resolve(this.#takes.get(id)?.bytes ?? null);
  }

  add(take: QueuedTake, bytes: ArrayBuffer): Promise<void> {
    this.#takes.set(take.id, { take, bytes });
    return Promise.resolve();
  }

  update(take: QueuedTake): Promise<void> {
    const kept = this.#takes.get(take.id);
    if (kept) kept.take = take;
    return Promise.resolve();
  }

  delete(id: string): Promise<void> {
    this.#takes.delete(id);
    return Promise.resolve();
  }
}

/** The best store that this browser has. */
export async function openStore(): Promise<TakeStore> {
  try {
    return await IndexedDbStore.open();
  } catch (error) {
    console.warn("No IndexedDB here, so takes are kept in memory only:", error);
    return new MemoryStore();
  }
}
