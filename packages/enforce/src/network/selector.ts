type Labels = Readonly<Record<string, string>>

/** A part of a document that somebody else wrote. */
export type Fields = Readonly<Record<string, unknown>>

/**
 * Whether a Kubernetes label selector takes these labels; the empty one takes all. Undefined where it cannot be read: what follows
 * from that is the caller's to say. Untrusted.
 */
export function selects(selector: unknown, labels: Labels, prefixes: readonly string[] = []): boolean | undefined {
  const fields = fieldsOf(selector)
  if (fields === undefined) return undefined
  const valueOf = (key: string): string | undefined => {
    // Cilium puts the source of a label before it.
    const plain = prefixes.reduce((name, prefix) => (name.startsWith(prefix) ? name.slice(prefix.length) : name), key)
    return Object.hasOwn(labels, plain) ? labels[plain] : undefined
  }
  const { matchLabels = {}, matchExpressions = [] } = fields
  const wanted = fieldsOf(matchLabels)
  const expressions = listOf(matchExpressions)
  if (wanted === undefined || expressions === undefined) return undefined
  const results = [
    ...Object.entries(wanted).map(([key, value]) => valueOf(key) === value),
    ...expressions.map((one) => expressionHolds(fieldsOf(one), valueOf)),
  ]
  return results.includes(false) ? false : results.includes(undefined) ? undefined : true
}

function expressionHolds(
  fields: Fields | undefined,
  valueOf: (key: string) => string | undefined,
): boolean | undefined {
  const key = fields?.['key']
  const values = listOf(fields?.['values'] ?? [])
  if (typeof key !== 'string' || values === undefined) return undefined
  const value = valueOf(key)
  switch (fields?.['operator']) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case undefined:
  }
  return undefined
}

export function fieldsOf(value: unknown): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return value as Fields // an object that is no list
}

export function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? (value as readonly unknown[]) : undefined
}
