import { createHash } from 'node:crypto'

import { canonicalJson } from '@holdfast/model'

/** Namespace that CACAO 2.0 gives for ids of playbooks (section 10.10). */
const PLAYBOOK_NAMESPACE = 'aa7caf3ad55a4e9ab34e056215fba56a'

/** Id of a playbook by its name and types, as CACAO 2.0 makes one: the same playbook has the same id everywhere. */
export function playbookUuid(name: string, playbookTypes: readonly string[]): string {
  const bytes = Buffer.from(canonicalJson({ name, playbook_types: playbookTypes }))
  const hash = createHash('sha1').update(Buffer.from(PLAYBOOK_NAMESPACE, 'hex')).update(bytes).digest('hex')
  return formed(hash, '5')
}

/**
 * An id in the form of a version 4 UUID, which CACAO 2.0 asks for in steps, made from what it stands for in place of chance: an
 * export can be repeated and compared.
 */
export function derivedUuid(...parts: readonly string[]): string {
  return formed(createHash('sha256').update(canonicalJson(parts)).digest('hex'), '4')
}

/** Namespace that STIX 2.1 gives for ids of observables (section 2.9). */
const OBSERVABLE_NAMESPACE = '00abedb4aa42466c9c01fed23315a9b7'

/** Id of a STIX observable by the members that make it what it is: the same address has the same id everywhere. */
export function observableUuid(contributing: Readonly<Record<string, string>>): string {
  const bytes = Buffer.from(canonicalJson(contributing))
  return formed(createHash('sha1').update(Buffer.from(OBSERVABLE_NAMESPACE, 'hex')).update(bytes).digest('hex'), '5')
}

function formed(hex: string, version: '4' | '5'): string {
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16)
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    version + hex.slice(13, 16),
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ]
  return parts.join('-')
}
