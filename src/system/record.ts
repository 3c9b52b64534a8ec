/** What was read from JSON or YAML, before anything is known of it. */

/** True for a mapping: neither null nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
