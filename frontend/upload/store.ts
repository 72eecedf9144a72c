import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Capture, Prompt } from "../api/types";
import { t } from "../lib/text";
import type { Progress } from "./queue";

/** An accepted take on its way: everything that is needed to send it, also after a reload. */
export interface QueuedTake {
  id: string;
  campaign: string;
  prompt: Prompt;
  bytes: ArrayBuffer;
  content_type: string;
  content_digest: string;
  capture: Capture;
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
  /** Rejects with `DeviceFull` when there is no room. */
  put(take: QueuedTake): Promise<void>;
  delete(id: string): Promise<void>;
}

interface Schema extends DBSchema {
  takes: { key: string; value: QueuedTake; indexes: { accepted_at: number } };
}

function isQuotaExceeded(error: unknown): boolean {
  return error instanceof Error && error.name === "QuotaExceededError";
}

/** On the device's disk: survives reloads, crashes and closed tabs. */
export class IndexedDbStore implements TakeStore {
  private constructor(private readonly database: IDBPDatabase<Schema>) {}

  static async open(name = "choir"): Promise<IndexedDbStore> {
    const database = await openDB<Schema>(name, 1, {
      upgrade(db) {
        const takes = db.createObjectStore("takes", { keyPath: "id" });
        takes.createIndex("accepted_at", "accepted_at");
      },
    });
    return new IndexedDbStore(database);
  }

  all(): Promise<QueuedTake[]> {
    return this.database.getAllFromIndex("takes", "accepted_at");
  }

  async put(take: QueuedTake): Promise<void> {
    try {
      // "strict" because the default says done before the disk has it: a flat battery would lose it.
      const transaction = this.database.transaction("takes", "readwrite", { durability: "strict" });
      await Promise.all([transaction.store.put(take), transaction.done]);
    } catch (error) {
      throw isQuotaExceeded(error) ? new DeviceFull({ cause: error }) : error;
    }
  }

  delete(id: string): Promise<void> {
    return this.database.delete("takes", id);
  }
}

/** In memory, for browsers that keep nothing (some private windows): until the tab closes. */
export class MemoryStore implements TakeStore {
  readonly #takes = new Map<string, QueuedTake>();

  all(): Promise<QueuedTake[]> {
    return Promise.resolve([...this.#takes.values()]);
  }

  put(take: QueuedTake): Promise<void> {
    this.#takes.set(take.id, take);
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
