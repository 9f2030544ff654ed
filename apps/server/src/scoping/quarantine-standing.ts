import type { QuarantinedItem, QuarantineRecord } from '@holdfast/model'

export type Standing = {
  readonly isQuarantined: boolean
  /** Why proxies let it through all the same. */
  readonly notWithheld?: string
}

/** A row of an audit: its version and text as far as they are known. */
export type AuditedItem = Pick<QuarantinedItem, 'kind' | 'source' | 'id'> & {
  readonly version?: string | undefined
  readonly digest?: string | undefined
}

/**
 * What a quarantine does about an item of an incident that goes by these names: `kept` names items by version or text, or whole. One version of an item that
 * carries an order is not done with because another one is kept out.
 */
export function standingOf(
  kept: readonly Pick<QuarantineRecord, 'item' | 'incident'>[],
  item: AuditedItem,
  names: readonly string[],
): Standing {
  const own = kept.filter((one) => isNamed(one.item, item) && isSameText(one.item, item))
  if (own.length === 0) return { isQuarantined: false }
  const isWithheld = own.some(
    ({ item: { version, digest }, incident: because }) =>
      // An incident tells the text of what it read; nobody tells that of a version that is named without one.
      version === undefined ||
      digest !== undefined ||
      (because !== undefined && names.includes(because) && item.digest !== undefined),
  )
  return isWithheld ? { isQuarantined: true } : { isQuarantined: true, notWithheld: TEXT_UNKNOWN }
}

const TEXT_UNKNOWN =
  'a proxy knows one version by its text alone, and no one text of this version is known of the incident'

/** True where what is kept out is this item, in this version where it names one. */
export function isNamed(kept: QuarantinedItem, { kind, source, id, version }: AuditedItem): boolean {
  return (
    kept.kind === kind &&
    kept.source === source &&
    kept.id === id &&
    (kept.version === undefined || kept.version === version)
  )
}

/** A text that nobody knows is another one, unless its version says which it is. */
function isSameText(kept: QuarantinedItem, { digest }: AuditedItem): boolean {
  if (kept.digest === undefined || kept.digest === digest) return true
  return digest === undefined && kept.version !== undefined
}
