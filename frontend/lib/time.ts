/** Resolves after `duration_ms`. For waits that belong to no element; elements have a Scope. */
export function delay(duration_ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration_ms));
}

/** As `promise`, but rejects with `message` when it takes longer than `limit_ms`. */
export async function within<T>(
  promise: Promise<T>,
  limit_ms: number,
  message: string,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), limit_ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
