import type { Hold } from '../hold.ts'
import { parseHold } from '../hold.ts'
import type { KubeObject } from './objects.ts'

/** On everything that is held: what a sweep looks for. */
export const HELD_LABEL = 'holdfast.dev/held'
const INCIDENT_LABEL = 'holdfast.dev/incident'
export const EXPIRES_ANNOTATION = 'holdfast.dev/expires'
const HOLD_PREFIX = 'holdfast.dev/hold-'

/** Who writes the fields of one hold: a writer of its own each, so that releasing one leaves the fields of the others. */
export function managerOf(holdId: string): string {
  return `holdfast-${holdId}`
}

export function labelsOf({ incident }: Hold): Readonly<Record<string, string>> {
  return { [HELD_LABEL]: 'true', [INCIDENT_LABEL]: labelValue(incident) }
}

export function annotationsOf(id: string, hold: Hold): Readonly<Record<string, string>> {
  return { [`${HOLD_PREFIX}${id}`]: JSON.stringify(hold) }
}

/** The holds that stand on an object, by id. */
export function holdsOn({ metadata }: KubeObject): ReadonlyMap<string, Hold> {
  const holds = new Map<string, Hold>()
  for (const [key, text] of Object.entries(metadata.annotations ?? {})) {
    const hold = key.startsWith(HOLD_PREFIX) ? parseHold(text) : undefined
    if (hold !== undefined) holds.set(key.slice(HOLD_PREFIX.length), hold)
  }
  return holds
}

/** The nearest text that a label may hold. */
export function labelValue(text: string): string {
  return text
    .replaceAll(/[^A-Za-z0-9._-]/g, '-')
    .slice(0, 63)
    .replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
}
