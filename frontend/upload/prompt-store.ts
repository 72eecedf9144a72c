import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Campaign, OfferedPrompt } from "../api/types";

const LONGEST_MS = 30 * 24 * 3_600_000;

/** A campaign and the prompts fetched ahead for its next set. */
export interface KeptSet {
  slug: string;
  campaign: Campaign;
  prompts: OfferedPrompt[];
  /** In ms since 1970. */
  kept_at: number;
}

interface Schema extends DBSchema {
  sets: { key: string; value: KeptSet };
}

/**
 * A database of its own, apart from the takes: prompts can be fetched again, so a change in how
 * they are kept must never make the takes' database wait for an upgrade.
 */
function open(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>("choir-prompts", 1, {
    upgrade(db) {
      db.createObjectStore("sets", { keyPath: "slug" });
    },
  });
}

async function withDatabase<T>(work: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
  const db = await open();
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

/**
 * Keeps a campaign and its next prompts on the device, in place of what was kept for the same
 * campaign before. Returns whether the device let us; going on without is fine while online.
 */
export async function keepSet(
  slug: string,
  campaign: Campaign,
  prompts: readonly OfferedPrompt[],
): Promise<boolean> {
  const set = { slug, campaign, prompts: [...prompts], kept_at: Date.now() };
  try {
    await withDatabase((db) => db.put("sets", set));
    return true;
  } catch (error) {
    console.warn("Prompts could not be kept for recording offline:", error);
    return false;
  }
}

/** What was kept for the campaign, or null where there is nothing, or nothing fresh enough. */
export async function keptSet(slug: string): Promise<KeptSet | null> {
  return (await keptSets()).find((set) => set.slug === slug) ?? null;
}

/** All that is kept and fresh enough, the newest first; what is too old is deleted. */
export async function keptSets(): Promise<KeptSet[]> {
  try {
    const sets = await withDatabase(freshSets);
    return sets.sort((one, other) => other.kept_at - one.kept_at);
  } catch (error) {
    console.warn("The prompts kept for recording offline cannot be read:", error);
    return [];
  }
}

async function freshSets(db: IDBPDatabase<Schema>): Promise<KeptSet[]> {
  const oldest = Date.now() - LONGEST_MS;
  const sets = await db.getAll("sets");
  const stale = sets.filter(({ kept_at }) => kept_at < oldest);
  await Promise.all(stale.map(({ slug }) => db.delete("sets", slug)));
  return sets.filter(({ kept_at }) => kept_at >= oldest);
}
