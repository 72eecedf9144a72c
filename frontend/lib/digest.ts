/** `bytes` as standard base64 with padding (RFC 4648, section 4). */
export function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** The value of the header Content-Digest (RFC 9530) for `bytes`, by SHA-256. */
export async function contentDigest(bytes: ArrayBuffer): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return `sha-256=:${base64(new Uint8Array(hash))}:`;
}
