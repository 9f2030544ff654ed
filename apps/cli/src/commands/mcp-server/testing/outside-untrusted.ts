/** Every string of an answer that does not stand in a field marked as untrusted. */
export function outsideUntrusted(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  if ('trust' in value && value.trust === 'untrusted') return []
  return Object.values(value).flatMap(outsideUntrusted)
}
