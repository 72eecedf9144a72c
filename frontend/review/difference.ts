/** What was heard against what was to be said, word by word. Pure. */

export interface Piece {
  kind: "same" | "missing" | "extra";
  text: string;
}

/** Words count as equal whatever their case and punctuation. */
function plain(word: string): string {
  return word.normalize("NFKC").toLocaleLowerCase().replace(/[^\p{L}\p{N}\p{M}]/gu, "");
}

function words(text: string): string[] {
  return text.split(/\s+/u).filter((word) => plain(word) !== "");
}

/** Lengths of the longest common subsequences of all ends of `a` and `b`. */
function common(a: readonly string[], b: readonly string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const skipped = Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
      table[i]![j] = plain(a[i]!) === plain(b[j]!) ? table[i + 1]![j + 1]! + 1 : skipped;
    }
  }
  return table;
}

/** How `heard` differs from `prompt`: neighbouring words of one kind are one piece. */
export function difference(prompt: string, heard: string): Piece[] {
  const a = words(prompt);
  const b = words(heard);
  const lengths = common(a, b);
  const pieces: Piece[] = [];
  const add = (kind: Piece["kind"], text: string): void => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += ` ${text}`;
    else pieces.push({ kind, text });
  };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && right !== undefined && plain(left) === plain(right)) {
      add("same", right);
      i++;
      j++;
    } else if (right === undefined || (left !== undefined && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      add("missing", left!);
      i++;
    } else {
      add("extra", right);
      j++;
    }
  }
  return pieces;
}

/** Whether the same words were heard. */
export function saysTheSame(pieces: readonly Piece[]): boolean {
  return pieces.every(({ kind }) => kind === "same");
}
